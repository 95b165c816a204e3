// A server: accepts connections, and sees to it that they all end.
import {
  createServer,
  type AddressInfo,
  type ListenOptions,
  type Server,
  type ServerOpts,
  type Socket,
} from 'node:net';
import { COMMAND_LINE_LIMIT, CREDENTIALS_LINE_LIMIT } from '../session/bounds.ts';
import { PROXY_HEADER_LIMIT } from '../wire/proxy-header.ts';
import * as replies from '../wire/replies.ts';
import { encodeReply, withoutEnhanced, type Reply } from '../wire/reply.ts';
import { asError } from './as-error.ts';
import { systemClock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { ConnectionSettings, Origin } from './connection-settings.ts';
import { awaitProxyHeader } from './proxy-preamble.ts';
import { ServedConnection } from './served-connection.ts';
import { SilenceWatch } from './silence-watch.ts';
import { LINGER, type TransportSettings } from './transport.ts';
import { withResolvers } from './with-resolvers.ts';

/** What a listener needs; the rest has a default. */
export interface ListenerOptions extends Partial<ConnectionSettings> {
  readonly policy: ConnectionSettings['policy'];
  readonly open: ConnectionSettings['open'];
  /** Connections at a time; the next one gets 421. @defaultValue without limit */
  readonly maxConnections?: number;
  /** Whether the listener and its connections keep the process from exiting. @defaultValue true */
  readonly holdsProcess?: boolean;
  /** Whether a PROXY header, version 1 or 2, comes first from a peer of this address. @defaultValue never */
  readonly expectsProxyHeader?: (remoteAddress: string) => boolean;
  /** Octets of a PROXY header. @defaultValue 4096 */
  readonly proxyHeaderLimit?: number;
  /** Further options of `net.createServer`. */
  readonly server?: ServerOpts;
}

/** RFC 5321 §4.5.3.2.7 asks for five minutes of patience; a test has less. */
const IDLE_TIMEOUT = 60_000;
/** That of `tls.createServer`. */
const HANDSHAKE_TIMEOUT = 120_000;
/** How many at a time are told that they are turned away; beyond that they are cut. */
const TURNED_AWAY_LIMIT = 64;

export class Listener {
  /** The socket server below. */
  readonly server: Server;
  readonly #settings: ConnectionSettings & TransportSettings;
  readonly #maxConnections: number;
  readonly #holdsProcess: boolean;
  readonly #expectsProxyHeader: (remoteAddress: string) => boolean;
  readonly #proxyHeaderLimit: number;
  readonly #connections = new Set<Connection>();
  /** Those whose PROXY header is awaited. */
  readonly #announced = new Set<Socket>();
  /** Those that are told why they can't become a connection. */
  readonly #turnedAway = new Set<Connection>();
  readonly #partings = new Set<Parting>();
  #closed = false;
  #giveUpListening: (() => void) | undefined;

  /** @throws Error (`ERR_MAILRIG_OPTION`) where TLS is asked for without `tls`. */
  constructor({
    expectsProxyHeader,
    holdsProcess = true,
    maxConnections,
    proxyHeaderLimit,
    server,
    ...settings
  }: ListenerOptions) {
    if (settings.tls === undefined) refuseTlsWithoutMaterial(settings);
    this.#maxConnections = maxConnections ?? Number.POSITIVE_INFINITY;
    this.#holdsProcess = holdsProcess;
    this.#expectsProxyHeader = expectsProxyHeader ?? (() => false);
    this.#proxyHeaderLimit = proxyHeaderLimit ?? PROXY_HEADER_LIMIT;
    const { clock = systemClock, idleTimeout = IDLE_TIMEOUT } = settings;
    this.#settings = {
      tls: undefined,
      implicitTls: false,
      secured: false,
      clock,
      idleTimeout,
      idle: new SilenceWatch(clock, idleTimeout),
      lingering: new SilenceWatch(clock, LINGER),
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      greetDelay: 0,
      commandLineLimit: COMMAND_LINE_LIMIT,
      credentialsLineLimit: CREDENTIALS_LINE_LIMIT,
      ...settings,
    };
    // Half-open: a client that has said all it has to say still wants its replies.
    this.server = createServer({ noDelay: true, ...server, allowHalfOpen: true }, (socket) => this.#arrive(socket));
    // An accept that fails (EMFILE) is that client's loss; listen() reports its own failure.
    this.server.on('error', () => {});
    this.server.on('listening', () => (this.#closed = false));
    if (!holdsProcess) this.server.unref();
  }

  /** The open connections. */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Resolves with the address when connections are taken; rejects where the address can't be had, or it is closed before. */
  listen(options: ListenOptions): Promise<AddressInfo> {
    const { promise, resolve, reject } = withResolvers<AddressInfo>();
    const settled = (): void => {
      this.server.off('error', failed).off('listening', listening);
      this.#giveUpListening = undefined;
    };
    const failed = (error: Error): void => {
      settled();
      reject(error);
    };
    const listening = (): void => {
      settled();
      resolve(this.server.address() as AddressInfo);
    };
    this.#giveUpListening = () => failed(new Error('The listener was closed before it could listen'));
    this.server.once('error', failed).once('listening', listening).listen(options);
    return promise;
  }

  /**
   * Serves a socket that somebody accepted.
   * @throws what `open` throws; the socket is destroyed.
   */
  accept(socket: Socket, origin: Origin = {}): void {
    if (socket.destroyed) return;
    if (!this.#holdsProcess) socket.unref();
    if (this.#closed) return this.#turnAway(socket, origin, replies.shuttingDown);
    if (this.#isFull) return this.#turnAway(socket, origin, replies.tooManyConnections);
    try {
      this.#connections.add(new ServedConnection(socket, this.#settings, origin, this.#forget));
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** Takes no more connections, gives those that are there so many milliseconds to end, then cuts them. */
  close(patience: number): Promise<void> {
    for (const connection of this.#connections) connection.drain();
    // They have not said who they are yet, and nothing can be said to them.
    for (const socket of this.#announced) socket.destroy();
    return this.#part(patience);
  }

  /** Takes no more connections, until `listen()`; those that are there go on. */
  pause(): void {
    this.#closed = true;
    void this.#closeServer();
  }

  /** Takes no more connections and cuts those that are there. */
  stop(): Promise<void> {
    this.disconnect();
    return this.#part(0);
  }

  /** Cuts every connection. */
  disconnect(): void {
    for (const connection of this.#connections) connection.destroy();
    for (const outsider of [...this.#announced, ...this.#turnedAway]) outsider.destroy();
  }

  /** Resolves when those are gone that are there now: listen() may have let others in meanwhile. */
  async #part(patience: number): Promise<void> {
    this.#closed = true;
    const serverClosed = this.#closeServer();
    const leaving = [...this.#connections];
    const outsiders = [...this.#turnedAway];
    const cancel = this.#settings.clock.after(patience, () => leaving.forEach((connection) => connection.expel()));
    await this.#gone(leaving);
    cancel();
    // They are not waited for.
    for (const outsider of outsiders) outsider.destroy();
    if (!this.server.listening) await serverClosed;
  }

  #arrive(socket: Socket): void {
    if (!this.#expectsProxyHeader(socket.remoteAddress ?? '')) return this.#serve(socket);
    if (!this.#holdsProcess) socket.unref();
    if (this.#isFull) return this.#turnAway(socket, {}, replies.tooManyConnections);
    this.#announced.add(socket);
    const { clock, idleTimeout, implicitTls } = this.#settings;
    const refusal = implicitTls ? '' : encodeReply(withoutEnhanced(replies.proxyHeaderExpected));
    const preamble = { clock, idleTimeout, limit: this.#proxyHeaderLimit, refusal };
    awaitProxyHeader(socket, preamble, (endpoints) => {
      this.#announced.delete(socket);
      if (endpoints !== null) this.#serve(socket, { endpoints });
    });
  }

  /** What `open` throws nobody else would catch here. */
  #serve(socket: Socket, origin?: Origin): void {
    try {
      this.accept(socket, origin);
    } catch (error) {
      this.server.emit('error', asError(error));
    }
  }

  get #isFull(): boolean {
    return this.#connections.size + this.#announced.size >= this.#maxConnections;
  }

  /** Says why, on a port of TLS after the handshake. Nobody is asked, and nobody told. */
  #turnAway(socket: Socket, origin: Origin, refusal: Reply): void {
    if (this.#turnedAway.size >= TURNED_AWAY_LIMIT) return void socket.destroy();
    const settings = { ...this.#settings, open: () => ({}) };
    const forget = (connection: Connection): void => void this.#turnedAway.delete(connection);
    this.#turnedAway.add(new ServedConnection(socket, settings, { ...origin, refusal }, forget));
  }

  #closeServer(): Promise<void> {
    const { promise, resolve } = withResolvers<void>();
    // Node tells nobody of a server that was closed while it looked its address up.
    this.#giveUpListening?.();
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

  readonly #forget = (connection: Connection): void => {
    this.#connections.delete(connection);
    for (const parting of this.#partings) {
      parting.remaining.delete(connection);
      if (parting.remaining.size > 0) continue;
      this.#partings.delete(parting);
      parting.resolve();
    }
  };
}

/** Somebody who waits until these connections are gone. */
interface Parting {
  readonly remaining: Set<Connection>;
  readonly resolve: () => void;
}

function refuseTlsWithoutMaterial({ implicitTls, policy }: Pick<ListenerOptions, 'implicitTls' | 'policy'>): void {
  if (implicitTls !== true && policy.startTls !== 'available' && policy.startTls !== 'required') return;
  const asking = implicitTls === true ? 'implicitTls' : `policy.startTls "${policy.startTls}"`;
  const problem = `The option tls is missing, which ${asking} needs. Give it a secureContext of tls.createSecureContext().`;
  throw Object.assign(new TypeError(problem), { code: 'ERR_MAILRIG_OPTION', option: 'tls' });
}
