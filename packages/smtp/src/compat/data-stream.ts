// A body as a Readable, with back-pressure down to the client.
import { Readable } from 'node:stream';
import { systemClock, type Clock } from '../server/clock.ts';
import type { Transfer } from '../server/handler.ts';
import { Unstuffer } from '../wire/dot-stuffing.ts';
import { snapshotOf } from './envelope.ts';
import type { SMTPServerDataStream, SMTPServerEnvelope, SMTPServerEnvelopeSnapshot } from './types.ts';

interface Delivery {
  /** Octets beyond which the stream is flagged. */
  readonly limit: number;
  readonly transfer: Transfer;
  readonly envelope: SMTPServerEnvelope;
  /** Asks for more. */
  readonly resume: () => void;
  readonly clock?: Clock;
}

/** Milliseconds for which the client waits for whoever reads on after the answer, and takes nothing. */
const PATIENCE = { accepted: 30_000, refused: 1_000 } as const;

export class DataStream extends Readable implements SMTPServerDataStream {
  byteLength = 0;
  sizeExceeded = false;
  readonly #envelope: SMTPServerEnvelope;
  #snapshot: SMTPServerEnvelopeSnapshot | undefined;
  /** RFC 3030 §2: what comes with BDAT is not dot-stuffed. */
  readonly #unstuffer: Unstuffer | null;
  readonly #limit: number;
  readonly #resume: () => void;
  readonly #clock: Clock;
  #answer: keyof typeof PATIENCE | undefined;
  #cancelWait: () => void = () => {};

  constructor({ clock = systemClock, envelope, limit, resume, transfer }: Delivery) {
    super();
    this.#envelope = envelope;
    this.#unstuffer = transfer === 'DATA' ? new Unstuffer() : null;
    this.#limit = limit;
    this.#resume = resume;
    this.#clock = clock;
    // Whether or not a handler listens: a client that goes away is no reason for a process to end.
    this.on('error', () => {});
  }

  /** Few handlers ask for it, and nobody changes what it is made of: the session's next envelope is another object. */
  get envelope(): SMTPServerEnvelopeSnapshot {
    this.#snapshot ??= snapshotOf(this.#envelope);
    return this.#snapshot;
  }

  /** Takes a piece from the wire. `false` asks for a pause. */
  feed(piece: Buffer, dotted?: boolean): boolean {
    const content = this.#unstuffer?.push(piece, dotted) ?? piece;
    this.byteLength += content.length;
    this.sizeExceeded = this.byteLength > this.#limit;
    if (this.#answer !== undefined && this.#isUnread) this.#giveUp();
    // What nobody reads is drained.
    if (this.destroyed || content.length === 0) return true;
    const wanted = this.push(content);
    if (!wanted) this.#awaitReader();
    return wanted;
  }

  /**
   * The handler has answered. Whoever reads on has the rest, at his own pace; where nobody does it is drained, and the stream does
   * not end as if it had been read.
   */
  drain(refused = false): void {
    this.#answer = refused ? 'refused' : 'accepted';
    if (this.readableEnded) return;
    if (this.#isUnread) this.#giveUp();
    else if (this.readableLength >= this.readableHighWaterMark) this.#awaitReader();
  }

  finish(): void {
    this.#cancelWait();
    this.push(null);
  }

  /** The message will not become whole. */
  abort(): void {
    const problem = 'The message was given up before its end: the client left or reset the transaction';
    this.destroy(Object.assign(new Error(problem), { code: 'ECONNECTION' }));
  }

  /** A pipe listens for 'data', an iterator for 'readable'; resume() alone wants the content to be gone. */
  #hasReader(): boolean {
    return this.readableFlowing === true || this.listenerCount('data') > 0 || this.listenerCount('readable') > 0;
  }

  /** Nobody has read, and nobody is about to: who has begun may have stopped listening for a moment only. */
  get #isUnread(): boolean {
    return !this.readableDidRead && !this.#hasReader();
  }

  /** The client is held back until there is room again. One that has its answer does not wait for a reader that has stopped. */
  #awaitReader(): void {
    this.#cancelWait();
    if (this.#answer === undefined) return;
    const patience = this.#hasReader() ? PATIENCE[this.#answer] : PATIENCE.refused;
    this.#cancelWait = this.#clock.after(patience, () => this.#giveUp());
  }

  /** Who refuses a message is done with it, and need not hear of an error. */
  #giveUp(): void {
    this.destroy(this.#answer === 'refused' ? undefined : unread());
  }

  override _read(): void {
    this.#cancelWait();
    this.#resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#cancelWait();
    callback(error);
    this.#resume();
  }
}

function unread(): Error {
  const problem = 'The message was answered before it was read, and nobody reads on: what was left of it is gone';
  return Object.assign(new Error(problem), { code: 'ERR_MAILRIG_UNREAD' });
}
