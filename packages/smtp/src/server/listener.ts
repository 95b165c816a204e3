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
  #whenEmpty: (() => void)[] = [];

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
    if (!this.#holdsProcess) socket.unref();
    if (this.#connections.size >= this.#maxConnections) return this.#turnAway(socket);
    const connection = new Connection(socket, this.#settings, () => this.#forget(connection));
    this.#connections.add(connection);
  }

  /** Takes no more connections, gives those that are there so many milliseconds to end, then cuts them. */
  async close(patience: number): Promise<void> {
    const closed = this.#closeServer();
    for (const connection of this.#connections) connection.drain();
    const { clock } = this.#settings;
    const cancel = clock.after(patience, () => this.disconnect());
    await this.#emptied();
    cancel();
    // Whoever was turned away and is still there is not waited for.
    this.disconnect();
    await closed;
  }

  /** Takes no more connections and cuts those that are there. */
  async stop(): Promise<void> {
    const closed = this.#closeServer();
    this.disconnect();
    await this.#emptied();
    await closed;
  }

  /** Cuts every connection. */
  disconnect(): void {
    for (const connection of this.#connections) connection.destroy();
    for (const socket of this.#turnedAway) socket.destroy();
  }

  /** Says 421, and waits no longer than after any last reply for the client to go. */
  #turnAway(socket: Socket): void {
    const cancel = this.#settings.clock.after(LINGER, () => socket.destroy());
    this.#turnedAway.add(socket);
    socket.on('error', () => {});
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

  #emptied(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    const { promise, resolve } = withResolvers<void>();
    this.#whenEmpty.push(resolve);
    return promise;
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
