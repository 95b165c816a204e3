// The sessions of a listener, each with what befell it, to be asked for by its client's port.
import type { Connection } from '../server/connection.ts';
import type { ClosedBy, SessionHandler } from '../server/handler.ts';
import { withResolvers } from '../server/with-resolvers.ts';
import { RecordingSink } from './memory-dialogue.ts';

export interface ObservedSession {
  readonly connection: Connection;
  /** Whatever it was told of its end: once is right. */
  readonly closings: readonly ClosedBy[];
  /** One for each body that was begun. */
  readonly sinks: readonly RecordingSink[];
  /** Resolves when it is told of its end. */
  readonly ended: Promise<void>;
}

export class ObservedSessions {
  /** In the order of their connections. */
  readonly all: ObservedSession[] = [];
  /** What others got wrong: nobody should have. */
  readonly failures: Error[] = [];
  readonly #handler: SessionHandler;

  constructor(handler: SessionHandler = {}) {
    this.#handler = handler;
  }

  /** For the listener's option of that name. */
  readonly open = (connection: Connection): SessionHandler => {
    const { promise: ended, resolve } = withResolvers<void>();
    const closings: ClosedBy[] = [];
    const sinks: RecordingSink[] = [];
    this.all.push({ connection, closings, sinks, ended });
    const body = (): RecordingSink => {
      const sink = new RecordingSink();
      sinks.push(sink);
      return sink;
    };
    const closed = (by: ClosedBy): void => {
      closings.push(by);
      resolve();
    };
    const failed = (error: Error): void => void this.failures.push(error);
    return { body, ...this.#handler, observer: { closed, failed } };
  };

  /** The session of a client that has been greeted: the newest from that port. @throws Error where there is none. */
  of(remotePort: number): ObservedSession {
    const session = this.all.findLast(({ connection }) => connection.remotePort === remotePort);
    if (session === undefined) throw new Error(`No session from port ${remotePort}`);
    return session;
  }
}

/** How bodies came to their end: one word for each, where none has two. */
export function endsOf(sinks: readonly RecordingSink[]): string[] {
  return sinks.flatMap(({ events }) => events.filter((event) => event === 'end' || event === 'abort'));
}
