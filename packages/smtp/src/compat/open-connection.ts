// A connection as SMTPServer lists it.
import type { Connection } from '../server/connection.ts';
import type { SMTPServerConnection, SMTPServerSession } from './types.ts';

export class OpenConnection implements SMTPServerConnection {
  readonly id: string;
  readonly session: SMTPServerSession;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #connection: Connection;

  constructor(connection: Connection, session: SMTPServerSession) {
    this.id = session.id;
    this.session = session;
    this.remoteAddress = session.remoteAddress;
    this.remotePort = session.remotePort;
    this.localAddress = session.localAddress;
    this.localPort = session.localPort;
    this.#connection = connection;
  }

  /** A property of its own, for whoever takes it apart. */
  readonly close = (): void => this.#connection.destroy();
}
