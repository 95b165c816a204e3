// SMTPServer, the drop-in for nodemailer's smtp-server: handlers and options as there, no protocol logic of its own.
import { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';
import { TLSSocket, type SecureContext, type TlsOptions } from 'node:tls';
import type { Connection } from '../server/connection.ts';
import type { Origin } from '../server/connection-settings.ts';
import { Listener } from '../server/listener.ts';
import { handshakeError } from './handshake-error.ts';
import { loggerOf, noLog } from './log.ts';
import { OpenConnection } from './open-connection.ts';
import type { SMTPServerLogger, SMTPServerOptions, SMTPServerResolvedOptions } from './options.ts';
import { SecureContexts, warnOfBuiltInCertificate } from './secure-contexts.ts';
import { SessionAdapter, type AdapterEvents, type AdapterSettings } from './session-adapter.ts';
import { SessionView } from './session-view.ts';
import { limit, listenerLimits } from './limits.ts';
import { adapterSettings, isListed, resolveOptions, sessionPolicy, socketServerOptions } from './settings.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerCallback,
  SMTPServerConnection,
  SMTPServerConnectionInfo,
  SMTPServerDataAnswer,
  SMTPServerDataStream,
  SMTPServerEvents,
  SMTPServerHandlers,
  SMTPServerListenArguments,
  SMTPServerSession,
  SMTPServerSocketOptions,
} from './types.ts';
import { validateOptions } from './validate-options.ts';

/** RFC 5321 §4.5.3.2.7 asks for more patience, tests for less. */
const CLOSE_TIMEOUT = 30_000;

/**
 * An SMTP or LMTP server that asks handlers: given as options, assigned, or overridden in a subclass; by callback, promise or
 * plain value. Emits `error`, `close` and `connect`.
 * @throws SMTPServerOptionError (`ERR_MAILRIG_OPTION`) for an option that can't be meant.
 * @example
 * const server = new SMTPServer({ authOptional: true, onData: (stream, session, callback) => stream.on('end', callback).resume() });
 * server.listen(2525, '127.0.0.1');
 */
export class SMTPServer extends EventEmitter<SMTPServerEvents> implements SMTPServerHandlers {
  /** Those given to the constructor, normalized. `disabledCommands` may be changed at any time. */
  readonly options: SMTPServerResolvedOptions;
  /** The open connections. */
  readonly connections: Set<SMTPServerConnection> = new Set();
  /** The logger of the options, every level of it; one that does nothing where there is none. */
  readonly logger: Required<SMTPServerLogger>;
  readonly #listener: Listener;
  /** The same by their sessions. */
  readonly #opened = new Map<SMTPServerSession, SMTPServerConnection>();
  readonly #adapterEvents: AdapterEvents = {
    connected: (session) => void this.emit('connect', describeClient(session)),
    handshakeFailed: (failure, session) => this.#tellOf(handshakeError(failure, session)),
    failed: (error) => this.#tellOf(error),
    closed: (session) => this.#forget(session),
  };
  readonly #secureContexts: SecureContexts;

  constructor(options?: SMTPServerOptions | null) {
    super();
    const given = options ?? {};
    validateOptions(given);
    this.options = resolveOptions(given);
    for (const name of HANDLERS) {
      const handler = given[name];
      if (handler) Object.assign(this, { [name]: handler });
    }
    const log = loggerOf(this.options);
    this.logger = log ?? noLog;
    this.#secureContexts = new SecureContexts(this.options);
    warnOfBuiltInCertificate(this.options, log);
    const settings = adapterSettings(this.options, this, ACCEPTING, log);
    const { needsUpgrade, secure, secured, useProxy } = this.options;
    this.#listener = new Listener({
      policy: sessionPolicy(this.options),
      tls: this.#secureContexts,
      implicitTls: Boolean((secure || needsUpgrade) && !secured),
      secured: Boolean(secured),
      expectsProxyHeader: (remoteAddress) => isListed(useProxy, remoteAddress),
      server: socketServerOptions(this.options),
      open: (connection, origin: SocketOrigin) => this.#open(connection, origin, settings),
      ...listenerLimits(this.options),
    });
    this.server.on('error', (error) => this.emit('error', error));
    let listened = false;
    this.server.on('listening', () => (listened = true));
    // A socket server that is closed once more says so once more.
    this.server.on('close', () => {
      if (listened) this.emit('close');
      listened = false;
    });
  }

  get server(): Server {
    return this.#listener.server;
  }

  /** By servername as Unicode, in lower case; `*` is for everybody else. */
  get secureContext(): Map<string, SecureContext> {
    return this.#secureContexts.byServername;
  }

  listen(...args: SMTPServerListenArguments): Server {
    return this.server.listen(...(args as Parameters<Server['listen']>));
  }

  /** Serves a socket that somebody else accepted. With `secure` it counts as secure already, unless `needsUpgrade` is set. */
  connect(socket: Socket | TLSSocket, options?: SMTPServerSocketOptions | null): void {
    const { needsUpgrade, secure } = this.options;
    const { id, ignore, ...endpoints } = options ?? {};
    const origin: SocketOrigin = {
      endpoints: endpointsOf(endpoints),
      secure: Boolean(secure && !needsUpgrade) || socket instanceof TLSSocket,
      id,
      ignore,
    };
    this.#listener.accept(socket, origin);
  }

  /**
   * Takes no more connections and no more commands: 421. A message that is coming in has `closeTimeout` to end. `listen` works
   * again afterwards.
   */
  close(callback?: (() => void) | null): void {
    const closed = this.#listener.close(limit(this.options.closeTimeout) ?? CLOSE_TIMEOUT);
    // A callback that throws has nobody to catch it, and is not to be taken for a promise.
    void closed.then(() => callback && queueMicrotask(callback));
  }

  /**
   * Replaces keys and certificates: the next handshake has them.
   * @throws what OpenSSL has against a key or a certificate; then all stays as it was.
   */
  updateSecureContext(options?: TlsOptions | SMTPServerOptions | null): void {
    const changed = { ...this.options, ...options };
    this.#secureContexts.update(changed);
    Object.assign(this.options, options);
  }

  onConnect(_session: SMTPServerSession, callback: SMTPServerCallback): unknown {
    return callback();
  }

  onSecure(_socket: Socket | TLSSocket, _session: SMTPServerSession, callback: SMTPServerCallback): unknown {
    return callback();
  }

  onAuth(
    _auth: SMTPServerAuthentication,
    _session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerAuthenticationResponse>,
  ): unknown {
    return callback();
  }

  onMailFrom(_address: SMTPServerAddress, _session: SMTPServerSession, callback: SMTPServerCallback): unknown {
    return callback();
  }

  onRcptTo(_address: SMTPServerAddress, _session: SMTPServerSession, callback: SMTPServerCallback): unknown {
    return callback();
  }

  onData(
    stream: SMTPServerDataStream,
    _session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerDataAnswer>,
  ): unknown {
    return stream.on('end', () => callback()).resume();
  }

  onClose(_session: SMTPServerSession, _callback?: SMTPServerCallback): unknown {
    return undefined;
  }

  #open(connection: Connection, { id, ignore }: SocketOrigin, settings: AdapterSettings): SessionAdapter {
    const session = new SessionView(connection, settings.withDsn, id);
    const open = new OpenConnection(connection, session);
    this.connections.add(open);
    this.#opened.set(session, open);
    const ignored = ignore === true || isListed(this.options.ignoredHosts, session.remoteAddress);
    return new SessionAdapter(
      connection,
      session,
      ignored ? { ...settings, logger: undefined } : settings,
      this.#adapterEvents,
    );
  }

  #forget(session: SMTPServerSession): void {
    this.connections.delete(this.#opened.get(session)!);
    this.#opened.delete(session);
  }

  /** What goes wrong in one session is no failure of the server: nobody has to listen for it. */
  #tellOf(failure: Error): void {
    if (this.listenerCount('error') > 0) this.emit('error', failure);
  }
}

/** What whoever accepted a socket says of it. */
type SocketOrigin = Origin & Pick<SMTPServerSocketOptions, 'id' | 'ignore'>;

/** The handlers of whoever gives none: to ask them is half of what MAIL and RCPT would cost. */
const ACCEPTING: ReadonlySet<unknown> = new Set(
  (['onConnect', 'onSecure', 'onMailFrom', 'onRcptTo'] as const).map((name): unknown => SMTPServer.prototype[name]),
);

const HANDLERS = ['onConnect', 'onSecure', 'onAuth', 'onMailFrom', 'onRcptTo', 'onData', 'onClose'] as const;

function endpointsOf(options: SMTPServerSocketOptions): NonNullable<Origin['endpoints']> {
  const { localAddress, localPort, remoteAddress, remotePort } = options;
  return {
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(localPort === undefined ? {} : { localPort }),
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    ...(remotePort === undefined ? {} : { remotePort }),
  };
}

function describeClient(session: SessionView): SMTPServerConnectionInfo {
  const { id, localAddress, localPort, remoteAddress, remotePort, clientHostname, hostNameAppearsAs } = session;
  return { id, localAddress, localPort, remoteAddress, remotePort, clientHostname, hostNameAppearsAs };
}
