// One connection's socket, its handshake, its time limit and its end. What is said on it is the dialogue's business.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { DisabledCommands } from '../session/policy.ts';
import { Session } from '../session/session.ts';
import type { SessionState } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import type { Reply } from '../wire/reply.ts';
import { asError } from './as-error.ts';
import type { Channel } from './channel.ts';
import { soon } from './clock.ts';
import type { ConnectionSettings, Endpoints, Origin } from './connection-settings.ts';
import { Dialogue } from './dialogue.ts';
import type { Ending } from './fault.ts';
import type { ClosedBy, SessionHandler, SessionObserver } from './handler.ts';
import { IdleTimer } from './idle-timer.ts';
import { holdsUp, meetObstacle, type WayOut } from './obstacle.ts';
import { openHandshake } from './open-handshake.ts';
import { resetConnection } from './reset-connection.ts';
import { SocketSurroundings } from './surroundings.ts';
import { awaitHandshake, describeTls, HANDSHAKE_TIMED_OUT, handshakeTimedOut, type TlsSession } from './tls.ts';

/** Milliseconds for a client to close its side after the last reply. */
export const LINGER = 1_000;
/** Octets that it may still send then. */
const FORGETTABLE = 262_144;

export class Connection implements Endpoints {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #settings: ConnectionSettings;
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #dialogue: Dialogue;
  readonly #idleTimer: IdleTimer;
  readonly #whenClosed: (connection: Connection) => void;
  readonly #refusal: Reply | undefined;
  /** The socket as it was accepted. */
  readonly #transport: Socket;
  #socket: Socket;
  #tls: TlsSession | null = null;
  #handshaking = false;
  /** A fault stands in the way, which may last. */
  #obstructed = false;
  #greeted = false;
  #closedBy: ClosedBy | null = null;
  /** Calls off what is to happen before there are replies: the greeting, or the end of what stands in its way. */
  #callOff: () => void = () => {};
  /** Up to where input is read and forgotten once all is said. */
  #forgettable = 0;

  constructor(
    socket: Socket,
    settings: ConnectionSettings,
    origin: Origin,
    whenClosed: (connection: Connection) => void,
  ) {
    const { endpoints = {}, refusal, secure = false } = origin;
    this.remoteAddress = endpoints.remoteAddress ?? socket.remoteAddress ?? '';
    this.remotePort = endpoints.remotePort ?? socket.remotePort ?? 0;
    this.localAddress = endpoints.localAddress ?? socket.localAddress ?? '';
    this.localPort = endpoints.localPort ?? socket.localPort ?? 0;
    this.#settings = settings;
    this.#refusal = refusal;
    this.#transport = socket;
    this.#socket = socket;
    const surroundings = new SocketSurroundings(this.remoteAddress, secure || settings.secured, this);
    this.#session = new Session(settings.policy, surroundings);
    this.#whenClosed = whenClosed;
    this.#handler = settings.open(this, origin);
    this.#idleTimer = new IdleTimer(settings.clock, settings.idleTimeout, this.#onIdle);
    this.#dialogue = new Dialogue(this.#session, this.#handler, this.#channel, settings);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    const begin = (): void => this.#begin(socket, secure);
    this.#guard(() => {
      const obstacle = this.#handler.faults?.connect?.();
      if (obstacle === undefined) return begin();
      this.#obstructed = true;
      this.#callOff = meetObstacle(socket, obstacle, settings.clock, this.#wayOut(begin));
    });
  }

  get session(): SessionState {
    return this.#session;
  }

  /** The socket that speaks now: under TLS the one that encrypts. */
  get socket(): Socket {
    return this.#socket;
  }

  /** What the handshake negotiated; `null` in clear text. */
  get tls(): TlsSession | null {
    return this.#tls;
  }

  /** Ends the session with 421 as soon as nothing is in progress. One in its handshake can't be told, and is cut. */
  drain(): void {
    if (this.#handshaking) this.destroy();
    else this.#dialogue.drain();
  }

  /** Replaces the policy's list of disabled commands for this session; `undefined` returns to it. */
  disableCommands(verbs: DisabledCommands | undefined): void {
    this.#session.disableCommands(verbs);
  }

  /** Cuts the connection as soon as the client could be told so with 421. */
  expel(): void {
    // It has been told, and has had its time.
    if (this.#closedBy !== null) return this.destroy();
    if (!this.#handshaking) this.#dialogue.closeWith(replies.shuttingDown, 'server');
    this.#closedBy ??= 'server';
    this.#socket.destroySoon();
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.#closedBy ??= 'server';
    this.#socket.destroy();
  }

  /** Ends the connection in the midst of things, when what was written has left. */
  cut(by: Ending): void {
    this.#dialogue.cut(by);
  }

  /** Says and hears nothing more, until the client goes. */
  stall(): void {
    this.#dialogue.stall();
  }

  /** Says why with a 421, and closes; in the middle of the content, too. */
  dismiss(reply: Reply): void {
    this.#dialogue.closeWith(reply, 'server');
  }

  /** Takes a client as authenticated for whom somebody vouches who is trusted; `null`: as authenticated no more. */
  authenticate(username: string | null): void {
    this.#session.authenticate(username);
  }

  #begin(socket: Socket, secure: boolean): void {
    if (secure && socket instanceof TLSSocket) {
      this.#adopt(socket);
    } else if (this.#settings.implicitTls && !secure) {
      this.#handshake('implicit');
    } else {
      this.#listenTo(socket);
      this.#greet();
      // Whoever accepted it may have seen its end, which is not told twice.
      if (socket.readableEnded) this.#onEnd();
    }
  }

  #wayOut(go: () => void): WayOut {
    const gone = (): void => {
      this.#closedBy ??= 'client';
      this.#socket.destroy();
    };
    const goOn = (): void => {
      this.#obstructed = false;
      this.#guard(go);
    };
    return { go: goOn, cut: (by) => this.cut(by), gone };
  }

  #listenTo(socket: Socket): void {
    socket.on('data', this.#onInput);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
    // It may have been paused while somebody else read from it.
    socket.resume();
  }

  #greet(): void {
    const { clock, greetDelay } = this.#settings;
    if (this.#refusal !== undefined) return this.#dialogue.closeWith(this.#refusal, 'server');
    const greet = (): void => {
      this.#greeted = true;
      this.#dialogue.greet();
    };
    if (greetDelay === 0) greet();
    else this.#callOff = clock.after(greetDelay, greet);
  }

  /** Takes over a socket whose handshake whoever accepted it has done, or begun. */
  #adopt(socket: TLSSocket): void {
    // Whoever made the socket himself may find `secureConnecting` true for ever; and its type has it for clients only.
    const { secureConnecting } = socket as { readonly secureConnecting?: boolean };
    if (!secureConnecting || socket.getPeerFinished() !== undefined) return this.#secured(socket, 'implicit');
    this.#handshaking = true;
    awaitHandshake(socket, this.#settings, (failure) => this.#handshaken(socket, 'implicit', failure));
  }

  #handshake(mode: TlsSession['mode']): void {
    this.#handshaking = true;
    const clear = this.#socket;
    clear.off('data', this.#onInput);
    clear.off('end', this.#onEnd);
    clear.off('drain', this.#onDrain);
    // Clear text may wait in the stream itself; wrapped it would be fed to TLS.
    while (mode === 'starttls') {
      const waiting = clear.read() as Buffer | null;
      if (waiting === null) break;
      this.#dialogue.feed(waiting);
    }
    this.#guard(() => {
      const obstacle = this.#handler.faults?.handshake?.();
      this.#obstructed = holdsUp(obstacle);
      this.#callOff = openHandshake(clear, obstacle, this.#settings, {
        ...this.#wayOut(() => {}),
        begun: (secure) => {
          this.#obstructed = false;
          this.#idleTimer.heard();
          secure.on('error', this.#onError);
          this.#socket = secure;
        },
        settled: (secure, failure) => this.#handshaken(secure, mode, failure),
        failed: (error) => this.#channel.fail(error),
      });
    });
  }

  #handshaken(socket: TLSSocket, mode: TlsSession['mode'], failure: Error | null): void {
    if (failure === null) this.#secured(socket, mode);
    else this.#handshakeFailed(failure);
  }

  #secured(socket: TLSSocket, mode: TlsSession['mode']): void {
    this.#handshaking = false;
    this.#listenTo(socket);
    this.#tls = describeTls(socket, mode);
    this.#tell((observer) => observer.secured?.(this.#tls!));
    this.#dialogue.secured();
    if (mode === 'implicit') this.#greet();
  }

  #handshakeFailed(failure: NodeJS.ErrnoException): void {
    if (this.#closedBy === null) this.#tell((observer) => observer.handshakeFailed?.(failure));
    this.#closedBy ??= failure.code === HANDSHAKE_TIMED_OUT ? 'timeout' : 'client';
    this.#socket.destroy();
  }

  /** An observer that throws ends its session, and nothing else. */
  #tell(tell: (observer: SessionObserver) => void): void {
    this.#guard(() => this.#handler.observer && tell(this.#handler.observer));
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#channel.fail(error);
    }
  }

  #tellFailure(error: unknown): void {
    try {
      this.#handler.observer?.failed?.(asError(error));
    } catch {
      // An observer that fails at this as well has had its chance.
    }
  }

  readonly #channel: Channel = {
    write: (text, flushed) => {
      // It is the client's turn again: what the application took is not held against it.
      this.#idleTimer.heard();
      return this.#socket.write(text, flushed && (() => this.#guard(flushed)));
    },
    startTls: () => {
      if (!this.#socket.destroyed) this.#handshake('starttls');
    },
    close: (by) => {
      this.#callOff();
      this.#closedBy ??= by;
      this.#socket.end();
      // What the client still sends is read and forgotten: a socket with unread input would be reset, and the last reply lost.
      this.#forgettable = this.#socket.bytesRead + FORGETTABLE;
      this.#socket.resume();
      this.#idleTimer.end(LINGER, () => this.#socket.destroy());
    },
    cut: (by) => {
      if (by === 'fin') return this.#channel.close('server');
      this.#callOff();
      this.#closedBy ??= 'server';
      resetConnection(this.#socket, this.#transport);
    },
    after: (milliseconds, run) => this.#settings.clock.after(milliseconds, run),
    soon,
    fail: (error) => {
      this.#tellFailure(error);
      this.destroy();
    },
    resume: () => {
      this.#idleTimer.heard();
      this.#socket.resume();
    },
  };

  readonly #onInput = (input: Buffer | string): void => {
    this.#idleTimer.heard();
    if (this.#closedBy !== null) return this.#forget();
    // Whoever accepted the socket may have set an encoding.
    const chunk = typeof input === 'string' ? Buffer.from(input) : input;
    if (!this.#greeted) return this.#dialogue.refuseEarly(chunk);
    this.#dialogue.feed(chunk);
    // While there is nothing to be kept the socket is read on: that is how it is noticed that a client goes.
    if (this.#closedBy === null && this.#dialogue.saturated && this.#session.phase !== 'handshake')
      this.#socket.pause();
  };

  /** Somebody who goes on and on has not come to read the last reply. */
  #forget(): void {
    if (this.#socket.bytesRead > this.#forgettable) this.#socket.pause();
  }

  readonly #onEnd = (): void => {
    this.#dialogue.endInput();
    if (this.#closedBy !== null) return;
    // Whoever has said everything may still want its answers, or may be gone: an answer that takes longer finds nobody.
    this.#idleTimer.end(LINGER, () => this.#socket.destroy());
  };

  readonly #onDrain = (): void => this.#dialogue.release();

  readonly #onError = (error: Error & { readonly code?: string }): void => {
    this.#closedBy ??= error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'client';
    // A TLS socket of `tls.Server` tells of what breaks it, and stays open.
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#idleTimer.stop();
    this.#callOff();
    this.#dialogue.abort();
    this.#tell((observer) => observer.closed?.(this.#closedBy ?? 'client'));
    this.#whenClosed(this);
  };

  readonly #onIdle = (): void => {
    // A client that has not been greeted yet has nothing else to wait for.
    const ungreeted = this.#session.phase === 'connect' && !this.#handshaking;
    if (this.#obstructed || (this.#dialogue.awaitingAnswer && !ungreeted)) {
      this.#idleTimer.restart();
    } else if (this.#dialogue.reading || ungreeted) {
      this.#dialogue.closeWith(replies.idleTooLong, 'timeout');
    } else if (this.#handshaking) {
      this.#handshakeFailed(handshakeTimedOut());
    } else {
      // Reading none of our replies: there is nobody to tell.
      this.#closedBy ??= 'timeout';
      this.#socket.destroy();
    }
  };
}
