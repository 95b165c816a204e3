// A server: accepts connections, and sees to it that they all end.
import { createServer, type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net';
import * as replies from '../wire/replies.ts';
import { encodeReply } from '../wire/reply.ts';
import { systemClock } from './clock.ts';
import { Connection, LINGER, type ConnectionSettings } from './connection.ts';
import { withResolvers } from './with-resolvers.ts';

/** What a listener needs; the rest has a default. */
export interface ListenerOptions extends Partial<ConnectionSettings> {
  readonly policy: ConnectionSettings['policy'];
  readonly open: ConnectionSettings['open'];
  /** Connections at a time; the next one gets 421. @defaultValue without limit */
  readonly maxConnections?: number;
  /** Whether the listener and its connections keep the process from exiting. @defaultValue true */
  readonly holdsProcess?: boolean;
}

/** RFC 5321 §4.5.3.2.7 asks for five minutes of patience; a test has less. */
const IDLE_TIMEOUT = 60_000;
/** RFC 5321 §4.5.3.1.4 asks for 512 octets, extensions add to them. */
const COMMAND_LINE_LIMIT = 16_384;

export class Listener {
  /** The socket server below. */
  readonly server: Server;
  readonly #settings: ConnectionSettings;
  readonly #maxConnections: number;
  readonly #holdsProcess: boolean;
  readonly #connections = new Set<Connection>();
  readonly #turnedAway = new Set<Socket>();
  readonly #partings = new Set<Parting>();

  constructor({ maxConnections = Number.POSITIVE_INFINITY, holdsProcess = true, ...settings }: ListenerOptions) {
    this.#maxConnections = maxConnections;
    this.#holdsProcess = holdsProcess;
    this.#settings = {
      tls: undefined,
      implicitTls: false,
      clock: systemClock,
      idleTimeout: IDLE_TIMEOUT,
      commandLineLimit: COMMAND_LINE_LIMIT,
      ...settings,
    };
    // Half-open: a client that has said all it has to say still wants its replies.
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket));
    // An accept that fails (EMFILE) is that client's loss; listen() reports its own failure.
    this.server.on('error', () => {});
    if (!holdsProcess) this.server.unref();
  }

  /** The open connections. */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Resolves with the address when connections are taken; rejects where the address can't be had. */
  listen(options: ListenOptions): Promise<AddressInfo> {
    const { promise, resolve, reject } = withResolvers<AddressInfo>();
    this.server.once('error', reject);
    this.server.listen(options, () => {
      this.server.off('error', reject);
      resolve(this.server.address() as AddressInfo);
    });
    return promise;
  }

  /** Serves a socket that somebody accepted. */
  accept(socket: Socket): void {
    if (socket.destroyed) return;
    if (!this.#holdsProcess) socket.unref();
    if (this.#connections.size >= this.#maxConnections) return this.#turnAway(socket);
    const connection = new Connection(socket, this.#settings, () => this.#forget(connection));
    this.#connections.add(connection);
  }

  /** Takes no more connections, gives those that are there so many milliseconds to end, then cuts them. */
  close(patience: number): Promise<void> {
    for (const connection of this.#connections) connection.drain();
    return this.#part(patience);
  }

  /** Takes no more connections and cuts those that are there. */
  stop(): Promise<void> {
    this.disconnect();
    return this.#part(0);
  }

  /** Cuts every connection. */
  disconnect(): void {
    for (const connection of this.#connections) connection.destroy();
    for (const socket of this.#turnedAway) socket.destroy();
  }

  /** Resolves when those are gone that are there now: listen() may have let others in meanwhile. */
  async #part(patience: number): Promise<void> {
    const serverClosed = this.#closeServer();
    const leaving = [...this.#connections];
    const turnedAway = [...this.#turnedAway];
    const cancel = this.#settings.clock.after(patience, () => leaving.forEach((connection) => connection.destroy()));
    await this.#gone(leaving);
    cancel();
    // Whoever was turned away is not waited for.
    for (const socket of turnedAway) socket.destroy();
    if (!this.server.listening) await serverClosed;
  }

  /** Says 421, and waits no longer than after any last reply for the client to go. */
  #turnAway(socket: Socket): void {
    socket.on('error', () => {});
    // In clear text it would be no reply on a port of TLS.
    if (this.#settings.implicitTls) return void socket.destroy();
    const cancel = this.#settings.clock.after(LINGER, () => socket.destroy());
    this.#turnedAway.add(socket);
    socket.on('close', () => {
      cancel();
      this.#turnedAway.delete(socket);
    });
    // Unread it would never be seen to end.
    socket.resume();
    socket.end(encodeReply(replies.tooManyConnections, false));
  }

  #closeServer(): Promise<void> {
    const { promise, resolve } = withResolvers<void>();
    // Its only error is that the server is not listening: closed is closed.
    this.server.close(() => resolve());
    return promise;
  }

  #gone(connections: readonly Connection[]): Promise<void> {
    if (connections.length === 0) return Promise.resolve();
    const { promise, resolve } = withResolvers<void>();
    this.#partings.add({ remaining: new Set(connections), resolve });
    return promise;
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    for (const parting of this.#partings) {
      parting.remaining.delete(connection);
      if (parting.remaining.size > 0) continue;
      this.#partings.delete(parting);
      parting.resolve();
    }
  }
}

/** Somebody who waits until these connections are gone. */
interface Parting {
  readonly remaining: Set<Connection>;
  readonly resolve: () => void;
}
