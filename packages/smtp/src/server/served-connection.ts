// A connection that is served: its session from the first moment to the last. What is said in it is the dialogue's business.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { DisabledCommands } from '../session/policy.ts';
import { Session } from '../session/session.ts';
import type { SessionState } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import type { Reply } from '../wire/reply.ts';
import { asError } from './as-error.ts';
import type { Connection } from './connection.ts';
import type { ConnectionSettings, Origin } from './connection-settings.ts';
import { Dialogue } from './dialogue.ts';
import type { Ending } from './fault.ts';
import type { ClosedBy, SessionHandler, SessionObserver } from './handler.ts';
import { SocketSurroundings } from './surroundings.ts';
import { Threshold, type ThresholdOwner } from './threshold.ts';
import { describeTls, HANDSHAKE_TIMED_OUT, handshakeTimedOut, type TlsSession } from './tls.ts';
import { Transport, type TransportOwner, type TransportSettings } from './transport.ts';

export class ServedConnection implements Connection, ThresholdOwner, TransportOwner {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #settings: ConnectionSettings & TransportSettings;
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #dialogue: Dialogue;
  readonly #transport: Transport;
  readonly #whenClosed: (connection: ServedConnection) => void;
  readonly #refusal: Reply | undefined;
  #tls: TlsSession | null = null;
  #greeted = false;
  /** Few connections have anything to get over. */
  #threshold: Threshold | undefined;

  /** @throws what `settings.open` throws. */
  constructor(
    socket: Socket,
    settings: ConnectionSettings & TransportSettings,
    origin: Origin,
    whenClosed: (connection: ServedConnection) => void,
  ) {
    const { endpoints, refusal, secure = false } = origin;
    this.remoteAddress = endpoints?.remoteAddress ?? socket.remoteAddress ?? '';
    this.remotePort = endpoints?.remotePort ?? socket.remotePort ?? 0;
    this.localAddress = endpoints?.localAddress ?? socket.localAddress ?? '';
    this.localPort = endpoints?.localPort ?? socket.localPort ?? 0;
    this.#settings = settings;
    this.#refusal = refusal;
    this.#whenClosed = whenClosed;
    this.#transport = new Transport(socket, settings, this);
    const surroundings = new SocketSurroundings(this.remoteAddress, secure || settings.secured, this.#transport);
    this.#session = new Session(settings.policy, surroundings);
    this.#handler = settings.open(this, origin);
    this.#dialogue = new Dialogue(this.#session, this.#handler, this.#transport, settings);
    this.#transport.begin();
    this.#transport.guard(() => this.#admit(socket, secure));
  }

  get session(): SessionState {
    return this.#session;
  }

  get socket(): Socket {
    return this.#transport.socket;
  }

  get tls(): TlsSession | null {
    return this.#tls;
  }

  drain(): void {
    if (this.#inHandshake) this.destroy();
    else this.#dialogue.drain();
  }

  expel(): void {
    // It has been told, and has had its time.
    if (this.#transport.closedBy !== null) return this.destroy();
    if (!this.#inHandshake) this.#dialogue.closeWith(replies.shuttingDown, 'server');
    this.#transport.destroySoon('server');
  }

  destroy(): void {
    this.#transport.destroy('server');
  }

  cut(by: Ending): void {
    this.#dialogue.cut(by);
  }

  stall(): void {
    this.#dialogue.stall();
  }

  dismiss(reply: Reply): void {
    this.#dialogue.closeWith(reply, 'server');
  }

  authenticate(username: string | null): void {
    this.#session.authenticate(username);
  }

  disableCommands(verbs: DisabledCommands | undefined): void {
    this.#session.disableCommands(verbs);
  }

  heard(chunk: Buffer): boolean {
    if (this.#greeted) this.#dialogue.feed(chunk);
    else this.#dialogue.refuseEarly(chunk);
    // While there is nothing to be kept the socket is read on: that is how it is noticed that a client goes.
    return !this.#dialogue.saturated || this.#session.phase === 'handshake';
  }

  inputEnded(): void {
    this.#dialogue.endInput();
  }

  drained(): void {
    this.#dialogue.release();
  }

  idle(): void {
    // A client that has not been greeted yet has nothing else to wait for.
    const ungreeted = this.#session.phase === 'connect' && !this.#inHandshake;
    if (this.#threshold?.heldUp || (this.#dialogue.awaitingAnswer && !ungreeted)) this.#transport.waitOn();
    else if (this.#dialogue.reading || ungreeted) this.#dialogue.closeWith(replies.idleTooLong, 'timeout');
    else if (this.#inHandshake) this.handshakeFailed(handshakeTimedOut());
    // Reading none of our replies: there is nobody to tell.
    else this.#transport.destroy('timeout');
  }

  startTls(): void {
    this.#transport.deafen();
    // Clear text may wait in the stream itself; wrapped it would be fed to TLS.
    for (let waiting = this.#waiting(); waiting !== null; waiting = this.#waiting()) this.#dialogue.feed(waiting);
    this.#toThreshold().handshake('starttls', this.#handler.faults);
  }

  secured(socket: TLSSocket, mode: TlsSession['mode']): void {
    this.#transport.listen();
    this.#tls = describeTls(socket, mode);
    this.#tell((observer) => observer.secured?.(this.#tls!));
    this.#dialogue.secured();
    if (mode === 'implicit') this.#greet();
  }

  handshakeFailed(failure: NodeJS.ErrnoException): void {
    if (this.#transport.closedBy === null) this.#tell((observer) => observer.handshakeFailed?.(failure));
    this.#transport.destroy(failure.code === HANDSHAKE_TIMED_OUT ? 'timeout' : 'client');
  }

  ending(): void {
    this.#threshold?.callOff();
  }

  closed(by: ClosedBy): void {
    this.#threshold?.callOff();
    this.#dialogue.abort();
    this.#tell((observer) => observer.closed?.(by));
    this.#whenClosed(this);
  }

  failed(error: unknown): void {
    try {
      this.#handler.observer?.failed?.(asError(error));
    } catch {
      // An observer that fails at this as well has had its chance.
    }
  }

  #admit(socket: Socket, secure: boolean): void {
    const obstacle = this.#handler.faults?.connect?.();
    if (obstacle === undefined) this.#begin(socket, secure);
    else this.#toThreshold().meet(obstacle, () => this.#begin(socket, secure));
  }

  #begin(socket: Socket, secure: boolean): void {
    if (secure && socket instanceof TLSSocket) {
      this.#toThreshold().adopt(socket);
    } else if (this.#settings.implicitTls && !secure) {
      this.#toThreshold().handshake('implicit', this.#handler.faults);
    } else {
      this.#transport.listen();
      this.#greet();
      // Whoever accepted it may have seen its end, which is not told twice.
      if (socket.readableEnded) this.#transport.endInput();
    }
  }

  #greet(): void {
    const { greetDelay } = this.#settings;
    if (this.#refusal !== undefined) return this.#dialogue.closeWith(this.#refusal, 'server');
    const greet = (): void => {
      this.#greeted = true;
      this.#dialogue.greet();
    };
    if (greetDelay === 0) greet();
    else this.#toThreshold().wait(greetDelay, greet);
  }

  get #inHandshake(): boolean {
    return this.#threshold?.inHandshake === true;
  }

  #toThreshold(): Threshold {
    return (this.#threshold ??= new Threshold(this.#transport, this.#settings, this));
  }

  #waiting(): Buffer | null {
    return this.socket.read() as Buffer | null;
  }

  /** An observer that throws ends its session, and nothing else. */
  #tell(tell: (observer: SessionObserver) => void): void {
    this.#transport.guard(() => this.#handler.observer && tell(this.#handler.observer));
  }
}
