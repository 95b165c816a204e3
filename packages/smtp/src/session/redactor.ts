// What of a session's lines may be shown.
import { redactCommand, redactCredentials } from './redaction.ts';
import type { Session } from './session.ts';

export class Redactor {
  readonly #session: Session;
  #authRefused = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A line as it may be shown, before the session has seen it; `verb` is `null` for a line of an exchange. */
  redact(line: string, verb: string | null): string {
    if (verb === null) return redactCredentials(line);
    const known = this.#session.knows(verb);
    // An AUTH that is refused as unknown is answered as no AUTH.
    if (known) this.#authRefused = verb === 'AUTH';
    return this.#authRefused && !known ? redactCredentials(line) : redactCommand(line, this.#session.policy);
  }

  /** Clients go on with an exchange that was refused: what follows may be credentials, as long as it is no command. */
  answered(authRefused: boolean): void {
    this.#authRefused = authRefused;
  }
}
