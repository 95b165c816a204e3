// SMTPServer, the drop-in for nodemailer's smtp-server: handlers and options as there, no protocol logic of its own.
import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import type { Connection } from '../server/connection.ts';
import { Listener } from '../server/listener.ts';
import { loggerOf } from './log.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { SessionAdapter, type AdapterSettings } from './session-adapter.ts';
import type { SessionView } from './session-view.ts';
import { hasOwnIdentity, sessionPolicy, sizeLimit, tlsMaterial } from './settings.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerCallback,
  SMTPServerConnectionInfo,
  SMTPServerDataAnswer,
  SMTPServerDataStream,
  SMTPServerEvents,
  SMTPServerHandlers,
  SMTPServerListenArguments,
  SMTPServerOptions,
  SMTPServerSession,
} from './types.ts';

/** RFC 5321 §4.5.3.2.7 asks for more patience, tests for less. */
const SOCKET_TIMEOUT = 60_000;
const CLOSE_TIMEOUT = 30_000;

/**
 * An SMTP or LMTP server that asks handlers: given as options, assigned, or overridden in a subclass; by callback, promise or
 * plain value. Emits `error`, `close` and `connect`.
 * @throws SMTPServerOptionError (`ERR_MAILRIG_OPTION`) for an option that is not supported.
 * @example
 * const server = new SMTPServer({ authOptional: true, onData: (stream, session, callback) => stream.on('end', callback).resume() });
 * server.listen(2525, '127.0.0.1');
 */
export class SMTPServer extends EventEmitter<SMTPServerEvents> implements SMTPServerHandlers {
  readonly options: SMTPServerOptions;
  readonly #listener: Listener;

  constructor(options: SMTPServerOptions = {}) {
    super();
    // A subclass may have what this class has not.
    refuseUnsupported({ onSecure: 'onSecure' in this, ...options });
    this.options = options;
    for (const name of HANDLERS) {
      const handler = options[name];
      if (typeof handler === 'function') Object.assign(this, { [name]: handler });
    }
    const settings = this.#adapterSettings();
    this.#listener = new Listener({
      policy: sessionPolicy(options),
      tls: tlsMaterial(options),
      implicitTls: options.secure === true,
      idleTimeout: options.socketTimeout ?? SOCKET_TIMEOUT,
      open: (connection) => new SessionAdapter(connection, settings),
      ...(options.maxClients === undefined ? {} : { maxConnections: options.maxClients }),
      ...(options.maxCommandLength === undefined ? {} : { commandLineLimit: options.maxCommandLength }),
    });
    this.server.on('error', (error) => this.emit('error', error));
    // A socket server that is closed once more says so once more.
    this.server.on('listening', () => this.server.once('close', () => this.emit('close')));
  }

  get server(): Server {
    return this.#listener.server;
  }

  /** The open connections. */
  get connections(): ReadonlySet<Connection> {
    return this.#listener.connections;
  }

  listen(...args: SMTPServerListenArguments): Server {
    return this.server.listen(...(args as Parameters<Server['listen']>));
  }

  /**
   * Takes no more connections and no more commands: 421. A message that is coming in has `closeTimeout` to end. `listen` works
   * again afterwards.
   */
  close(callback?: () => void): void {
    void this.#listener.close(this.options.closeTimeout ?? CLOSE_TIMEOUT).then(callback);
  }

  onConnect(_session: SMTPServerSession, callback: SMTPServerCallback): void {
    callback();
  }

  onAuth(
    _auth: SMTPServerAuthentication,
    _session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerAuthenticationResponse>,
  ): void {
    callback(null, { message: 'Authentication not implemented' });
  }

  onMailFrom(_address: SMTPServerAddress, _session: SMTPServerSession, callback: SMTPServerCallback): void {
    callback();
  }

  onRcptTo(_address: SMTPServerAddress, _session: SMTPServerSession, callback: SMTPServerCallback): void {
    callback();
  }

  onData(
    stream: SMTPServerDataStream,
    _session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerDataAnswer>,
  ): void {
    stream.on('end', () => callback()).resume();
  }

  onClose(_session: SMTPServerSession): void {}

  #adapterSettings(): AdapterSettings {
    const { options } = this;
    const logger = loggerOf(options);
    if (!hasOwnIdentity(options)) {
      logger?.warn({}, 'No key and cert given: TLS has the built-in certificate for localhost, whose key is public');
    }
    return {
      handlers: this,
      logger,
      reverseLookup: options.disableReverseLookup !== true,
      sizeLimit: sizeLimit(options) ?? Number.POSITIVE_INFINITY,
      rejectOversized: options.rejectOversized === true,
      connected: (view) => void this.emit('connect', describeClient(view)),
      handshakeFailed: (failure) => {
        // A client's failure is not the server's: nobody has to listen for it.
        if (this.listenerCount('error') > 0) this.emit('error', failure);
      },
    };
  }
}

const HANDLERS = ['onConnect', 'onAuth', 'onMailFrom', 'onRcptTo', 'onData', 'onClose'] as const;

function describeClient(view: SessionView): SMTPServerConnectionInfo {
  const { id, localAddress, localPort, remoteAddress, remotePort, clientHostname, hostNameAppearsAs } = view;
  return { id, localAddress, localPort, remoteAddress, remotePort, clientHostname, hostNameAppearsAs };
}
