// The socket below a session: what is heard on it and written to it, how long it may be silent, and how it ends.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Channel } from './channel.ts';
import { soon, type Clock } from './clock.ts';
import type { Ending } from './fault.ts';
import type { ClosedBy } from './handler.ts';
import { resetConnection } from './reset-connection.ts';
import type { SilenceWatch, Watched } from './silence-watch.ts';

/** Milliseconds for a client to close its side after the last reply. */
export const LINGER = 1_000;
/** Octets that it may still send then. */
const FORGETTABLE = 262_144;

/** What the transports of a listener share: each is in one of the watches at most. */
export interface TransportSettings {
  readonly clock: Clock;
  /** For clients of whom something is to be heard. */
  readonly idle: SilenceWatch;
  /** For those who are only to go, within `LINGER`. */
  readonly lingering: SilenceWatch;
}

/** Whose transport it is. */
export interface TransportOwner {
  /** The client has sent something. `false` asks for a pause. */
  heard(chunk: Buffer): boolean;
  /** The client will send nothing more. */
  inputEnded(): void;
  /** What was written has left. */
  drained(): void;
  /** Nothing was heard for too long. */
  idle(): void;
  /** The handshake is due. */
  startTls(): void;
  /** Nothing more is to happen on the connection but its end. */
  ending(): void;
  /** The connection is gone. */
  closed(by: ClosedBy): void;
  failed(error: unknown): void;
}

export class Transport implements Channel, Watched {
  heardAt = 0;
  readonly #settings: TransportSettings;
  readonly #owner: TransportOwner;
  /** The socket as it was accepted. */
  readonly #accepted: Socket;
  #socket: Socket;
  #closedBy: ClosedBy | null = null;
  /** Somebody's turn is being heard, at whose end the time is taken. */
  #hearing = false;
  /** Nothing that is heard counts any more: the client has a moment to go. */
  #lingering = false;
  /** Up to where input is read and forgotten once all is said. */
  #forgettable = 0;

  constructor(socket: Socket, settings: TransportSettings, owner: TransportOwner) {
    this.#accepted = socket;
    this.#socket = socket;
    this.#settings = settings;
    this.#owner = owner;
  }

  /** The socket that speaks now: under TLS the one that encrypts. */
  get socket(): Socket {
    return this.#socket;
  }

  /** Who has put an end to the connection; `null` while nobody has. */
  get closedBy(): ClosedBy | null {
    return this.#closedBy;
  }

  /** From now on its end is noticed, and its silence. */
  begin(): void {
    this.#accepted.on('error', this.#onError).on('close', this.#onClose);
    this.#settings.idle.watch(this);
  }

  /** Hears what the client says, and when it has said all. */
  listen(): void {
    this.#socket.on('data', this.#onData).on('end', this.#onEnd);
    // It may have been paused while somebody else read from it.
    this.#socket.resume();
  }

  /** Hears nothing any more, for somebody else is to read. */
  deafen(): void {
    this.#socket.off('data', this.#onData).off('end', this.#onEnd);
  }

  /** Goes on with a socket on top of the one before. */
  secure(socket: TLSSocket): void {
    this.#settings.idle.heard(this);
    this.#socket = socket.on('error', this.#onError);
  }

  /** Waits for the client as long once more, whatever was heard. */
  waitOn(): void {
    this.#settings.idle.watch(this);
  }

  /** The client will send nothing more. */
  endInput(): void {
    this.#owner.inputEnded();
    // Whoever has said everything may still want its answers, or may be gone: an answer that takes longer finds nobody.
    if (this.#closedBy === null) this.#linger();
  }

  silent(): void {
    if (this.#lingering) this.#socket.destroy();
    else this.#owner.idle();
  }

  write(text: string | Buffer, flushed: (() => void) | undefined): boolean {
    // It is the client's turn again: what the application took is not held against it.
    if (!this.#hearing) this.#settings.idle.heard(this);
    const taken = this.#socket.write(text, flushed && (() => this.guard(flushed)));
    // Once for all that was written and has not left: what is released twice would be held no more.
    if (!taken) this.#socket.off('drain', this.#onDrain).once('drain', this.#onDrain);
    return taken;
  }

  resume(): void {
    this.#settings.idle.heard(this);
    this.#socket.resume();
  }

  startTls(): void {
    if (!this.#socket.destroyed) this.#owner.startTls();
  }

  close(by: ClosedBy): void {
    this.#owner.ending();
    this.#closedBy ??= by;
    this.#socket.end();
    // What the client still sends is read and forgotten: a socket with unread input would be reset, and the last reply lost.
    this.#forgettable = this.#socket.bytesRead + FORGETTABLE;
    this.#socket.resume();
    this.#linger();
  }

  cut(by: Ending): void {
    if (by === 'fin') return this.close('server');
    this.#owner.ending();
    this.#closedBy ??= 'server';
    resetConnection(this.#socket, this.#accepted);
  }

  /** Ends the connection at once. */
  destroy(by: ClosedBy): void {
    this.#closedBy ??= by;
    this.#socket.destroy();
  }

  /** Ends it when what was written has left. */
  destroySoon(by: ClosedBy): void {
    this.#closedBy ??= by;
    this.#socket.destroySoon();
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.#settings.clock.after(milliseconds, run);
  }

  soon(run: () => void): void {
    soon(run);
  }

  fail(error: unknown): void {
    this.#owner.failed(error);
    this.destroy('server');
  }

  /** What others get wrong ends this connection, and nothing else. */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Somebody who goes on and on has not come to read the last reply. */
  #forget(): void {
    if (this.#socket.bytesRead > this.#forgettable) this.#socket.pause();
  }

  #linger(): void {
    this.#lingering = true;
    this.#settings.idle.leave(this);
    this.#settings.lingering.watch(this);
  }

  readonly #onData = (input: Buffer | string): void => {
    if (this.#closedBy !== null) return this.#forget();
    this.#hearing = true;
    // Whoever accepted the socket may have set an encoding.
    const goOn = this.#owner.heard(typeof input === 'string' ? Buffer.from(input) : input);
    this.#hearing = false;
    this.#settings.idle.heard(this);
    if (!goOn && this.#closedBy === null) this.#socket.pause();
  };

  readonly #onEnd = (): void => this.endInput();

  readonly #onDrain = (): void => this.#owner.drained();

  readonly #onError = ({ code }: NodeJS.ErrnoException): void => {
    // A TLS socket of `tls.Server` tells of what breaks it, and stays open.
    this.destroy(code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'client');
  };

  readonly #onClose = (): void => {
    this.#settings.idle.leave(this);
    this.#settings.lingering.leave(this);
    this.#owner.closed(this.#closedBy ?? 'client');
  };
}
