// SMTPServer, the drop-in for nodemailer's smtp-server: handlers and options as there, no protocol logic of its own.
import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import { Listener } from '../server/listener.ts';
import type { Connection } from '../server/connection.ts';
import type { SessionHandler } from '../server/handler.ts';
import { loggerOf } from './log.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import { SessionAdapter } from './session-adapter.ts';
import { sessionPolicy, tlsMaterial } from './settings.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerCallback,
  SMTPServerDataAnswer,
  SMTPServerDataStream,
  SMTPServerHandlers,
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
export class SMTPServer extends EventEmitter implements SMTPServerHandlers {
  readonly options: SMTPServerOptions;
  readonly #listener: Listener;

  constructor(options: SMTPServerOptions = {}) {
    super();
    refuseUnsupported(options);
    this.options = options;
    for (const name of HANDLERS) {
      const handler = options[name];
      if (handler !== undefined) Object.assign(this, { [name]: handler });
    }
    this.#listener = new Listener({
      policy: sessionPolicy(options),
      tls: tlsMaterial(options),
      implicitTls: options.secure === true,
      idleTimeout: options.socketTimeout ?? SOCKET_TIMEOUT,
      open: (connection) => this.#adapt(connection),
      ...(options.maxClients === undefined ? {} : { maxConnections: options.maxClients }),
      ...(options.maxCommandLength === undefined ? {} : { commandLineLimit: options.maxCommandLength }),
    });
    this.server.on('error', (error) => this.emit('error', error));
    this.server.on('close', () => this.emit('close'));
  }

  get server(): Server {
    return this.#listener.server;
  }

  /** The open connections. */
  get connections(): ReadonlySet<Connection> {
    return this.#listener.connections;
  }

  /** Takes every form of `net.Server.listen`. */
  listen(...args: Parameters<Server['listen']> | readonly unknown[]): Server {
    return this.server.listen(...(args as Parameters<Server['listen']>));
  }

  /** Takes no more connections; those in mid-transaction have `closeTimeout` to end. `listen` works again afterwards. */
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

  #adapt(connection: Connection): SessionHandler {
    return new SessionAdapter(connection, {
      handlers: this,
      logger: loggerOf(this.options),
      reverseLookup: this.options.disableReverseLookup !== true,
      sizeLimit: this.options.size ?? Number.POSITIVE_INFINITY,
      connected: ({ id, localAddress, localPort, remoteAddress, remotePort, clientHostname, hostNameAppearsAs }) => {
        this.emit('connect', {
          id,
          localAddress,
          localPort,
          remoteAddress,
          remotePort,
          clientHostname,
          hostNameAppearsAs,
        });
      },
    });
  }
}

const HANDLERS = [
  'onConnect',
  'onAuth',
  'onMailFrom',
  'onRcptTo',
  'onData',
  'onClose',
] as const satisfies (keyof SMTPServerHandlers)[];
