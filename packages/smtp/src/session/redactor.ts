// What of a session's lines may be shown.
import { isMeantAsAuth, redactCommand, redactCredentials, redactUnknown } from './redaction.ts';
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
    const authRefused = this.#authRefused;
    // An AUTH that is refused as unknown is answered as no AUTH.
    if (known || isMeantAsAuth(line)) this.#authRefused = verb === 'AUTH' || !known;
    if (known || isMeantAsAuth(line)) return redactCommand(line, this.#session.policy);
    return authRefused ? redactCredentials(line) : redactUnknown(line);
  }

  /** Clients go on with an exchange that was refused: what follows may be credentials, as long as it is no command. */
  answered(authRefused: boolean): void {
    this.#authRefused = authRefused;
  }

  /** The line is not shown, and may have been an AUTH. */
  lineRefused(): void {
    this.#authRefused = true;
  }
}
