// One test's use of a server that others may be using too.
import type { Inbox, RecordedSession, TestSmtp } from '@mailrig/fixture';
import { inboxName } from '@mailrig/fixture/runner';
import type { SharedServer } from './shared-server.ts';

export class MailUse {
  readonly server: TestSmtp;
  readonly #shared: SharedServer;
  readonly #earlier: ReadonlySet<RecordedSession>;
  #inbox: Inbox | undefined;

  constructor(server: TestSmtp, shared: SharedServer) {
    this.server = server;
    this.#shared = shared;
    this.#earlier = new Set(server.sessions);
  }

  /** @param test The name of the test. */
  open(test: string): Inbox {
    return (this.#inbox = this.server.inbox(inboxName(test)));
  }

  /** Those that are the test's own, as far as can be told. */
  get sessions(): readonly RecordedSession[] {
    const sessions = this.server.sessions.filter((session) => !this.#earlier.has(session));
    const own = this.#shared.isShared ? (this.#inbox?.sessions ?? []) : [];
    return own.length === 0 ? sessions : own;
  }
}
