// One connection's socket, its handshake, its time limit and its end. What is said on it is the dialogue's business.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SessionPolicy } from '../session/policy.ts';
import { Session } from '../session/session.ts';
import type { SessionState } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import type { Clock } from './clock.ts';
import { Dialogue, type Channel } from './dialogue.ts';
import type { ClosedBy, SessionHandler } from './handler.ts';
import { beginHandshake, describeTls, type TlsMaterial, type TlsSession } from './tls.ts';

/** What all connections of a listener share. */
export interface ConnectionSettings {
  readonly policy: SessionPolicy;
  readonly tls: TlsMaterial | undefined;
  /** TLS from the first octet. */
  readonly implicitTls: boolean;
  readonly clock: Clock;
  /** Milliseconds without an octet from the client, in every phase. */
  readonly idleTimeout: number;
  /** Octets of a command line. */
  readonly commandLineLimit: number;
  readonly open: (connection: Connection) => SessionHandler;
}

/** Milliseconds for a client to close its side after the last reply. */
export const LINGER = 1_000;

export class Connection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #settings: ConnectionSettings;
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #dialogue: Dialogue;
  readonly #whenClosed: () => void;
  #socket: Socket;
  #tls: TlsSession | null = null;
  #closedBy: ClosedBy | null = null;
  #heardAt: number;
  #cancelTimer: () => void;

  constructor(socket: Socket, settings: ConnectionSettings, whenClosed: () => void) {
    this.remoteAddress = socket.remoteAddress ?? '';
    this.remotePort = socket.remotePort ?? 0;
    this.localAddress = socket.localAddress ?? '';
    this.localPort = socket.localPort ?? 0;
    this.#settings = settings;
    this.#session = new Session(settings.policy);
    this.#socket = socket;
    this.#whenClosed = whenClosed;
    this.#handler = settings.open(this);
    this.#heardAt = settings.clock.now();
    this.#cancelTimer = settings.clock.after(settings.idleTimeout, this.#onTimer);
    this.#dialogue = new Dialogue(this.#session, this.#handler, this.#channel, settings.commandLineLimit);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    if (settings.implicitTls) {
      this.#handshake('implicit');
    } else {
      this.#listenTo(socket);
      this.#dialogue.greet();
    }
  }

  get session(): SessionState {
    return this.#session;
  }

  /** What the handshake negotiated; `null` in clear text. */
  get tls(): TlsSession | null {
    return this.#tls;
  }

  /** Ends the session with 421 as soon as nothing is in progress. One in its handshake can't be told, and is cut. */
  drain(): void {
    const handshaking = this.#session.phase === 'handshake' || (this.#settings.implicitTls && this.#tls === null);
    if (handshaking) this.destroy();
    else this.#dialogue.drain();
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.#closedBy ??= 'server';
    this.#socket.destroy();
  }

  #listenTo(socket: Socket): void {
    socket.on('data', this.#onInput);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
  }

  #handshake(mode: TlsSession['mode']): void {
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
    const secure = beginHandshake(clear, this.#settings.tls!, (failure) => {
      if (failure === null) this.#secured(secure, mode);
      else this.#handshakeFailed(failure);
    });
    secure.on('error', this.#onError);
    this.#socket = secure;
  }

  #secured(socket: TLSSocket, mode: TlsSession['mode']): void {
    this.#tls = describeTls(socket, mode);
    this.#listenTo(socket);
    this.#handler.observer?.secured?.(this.#tls);
    this.#dialogue.secured();
    if (mode === 'implicit') this.#dialogue.greet();
  }

  #handshakeFailed(failure: Error): void {
    if (this.#closedBy === null) this.#handler.observer?.handshakeFailed?.(failure);
    this.#closedBy ??= 'client';
    this.#socket.destroy();
  }

  #tellFailure(error: unknown): void {
    try {
      this.#handler.observer?.failed?.(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // An observer that fails at this as well has had its chance.
    }
  }

  get #handshaking(): boolean {
    return this.#session.phase === 'handshake' || (this.#settings.implicitTls && this.#tls === null);
  }

  readonly #channel: Channel = {
    write: (text, flushed) => {
      // It is the client's turn again: what the application took is not held against it.
      this.#heardAt = this.#settings.clock.now();
      return this.#socket.write(text, flushed);
    },
    startTls: () => {
      if (!this.#socket.destroyed) this.#handshake('starttls');
    },
    close: (by) => {
      this.#closedBy ??= by;
      this.#socket.end();
      // What the client still sends is read and forgotten: a socket with unread input would be reset, and the last reply lost.
      this.#socket.resume();
      this.#cancelTimer();
      this.#cancelTimer = this.#settings.clock.after(LINGER, () => this.#socket.destroy());
    },
    fail: (error) => {
      this.#tellFailure(error);
      this.destroy();
    },
    resume: () => {
      this.#heardAt = this.#settings.clock.now();
      this.#socket.resume();
    },
  };

  readonly #onInput = (chunk: Buffer): void => {
    this.#heardAt = this.#settings.clock.now();
    this.#dialogue.feed(chunk);
    if (this.#closedBy === null && !this.#dialogue.reading && this.#session.phase !== 'handshake') this.#socket.pause();
  };

  readonly #onEnd = (): void => this.#dialogue.endInput();

  readonly #onDrain = (): void => this.#dialogue.release();

  readonly #onError = (error: Error & { readonly code?: string }): void => {
    this.#closedBy ??= error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'client';
  };

  readonly #onClose = (): void => {
    this.#cancelTimer();
    this.#dialogue.abort();
    this.#handler.observer?.closed?.(this.#closedBy ?? 'client');
    this.#whenClosed();
  };

  /** One timer a connection, set anew only when it fires: what the client sends costs a look at the clock, no timer. */
  readonly #onTimer = (): void => {
    const { clock, idleTimeout } = this.#settings;
    const left = this.#heardAt + idleTimeout - clock.now();
    if (left > 0 || this.#dialogue.awaitingAnswer) {
      this.#cancelTimer = clock.after(left > 0 ? left : idleTimeout, this.#onTimer);
    } else if (this.#dialogue.reading) {
      this.#dialogue.closeWith(replies.idleTooLong, 'timeout');
    } else {
      // In a handshake, or reading none of our replies: there is nobody to tell.
      if (this.#handshaking) this.#handler.observer?.handshakeFailed?.(timedOut());
      this.#closedBy ??= 'timeout';
      this.#socket.destroy();
    }
  };
}

/** In the form that OpenSSL's failures have. */
function timedOut(): Error {
  return Object.assign(new Error('TLS handshake timed out'), { reason: 'the client did not finish it in time' });
}
