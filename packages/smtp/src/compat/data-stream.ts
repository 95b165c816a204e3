// A body as a Readable, with back-pressure down to the client.
import { Readable } from 'node:stream';
import { Unstuffer } from '../wire/dot-stuffing.ts';
import type { SMTPServerDataStream } from './types.ts';

export class DataStream extends Readable implements SMTPServerDataStream {
  byteLength = 0;
  sizeExceeded = false;
  readonly #unstuffer = new Unstuffer();
  readonly #limit: number;
  readonly #resume: () => void;
  #answered = false;

  constructor(limit: number, resume: () => void) {
    super();
    this.#limit = limit;
    this.#resume = resume;
    // Whether or not a handler listens: a client that goes away is no reason for a process to end.
    this.on('error', () => {});
  }

  /** Takes a piece from the wire. `false` asks for a pause. */
  feed(piece: Buffer): boolean {
    const content = this.#unstuffer.push(piece);
    this.byteLength += content.length;
    this.sizeExceeded = this.byteLength > this.#limit;
    // Where nobody reads any more the rest is drained.
    if (this.destroyed || this.#isAbandoned() || content.length === 0) return true;
    return this.push(content) || this.#answered;
  }

  /** The handler has answered. If it reads on it has the rest, but the client does not wait for it any more. */
  drain(): void {
    this.#answered = true;
    this.resume();
    this.#resume();
  }

  finish(): void {
    this.push(null);
  }

  /** The client has gone. */
  abort(): void {
    this.destroy(new Error('The client closed the connection before the end of the message'));
  }

  /** resume() does nothing while somebody listens for 'readable', or a pipe is full. */
  #isAbandoned(): boolean {
    return this.#answered && this.readableFlowing !== true && this.readableLength >= this.readableHighWaterMark;
  }

  override _read(): void {
    this.#resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    callback(error);
    this.#resume();
  }
}
