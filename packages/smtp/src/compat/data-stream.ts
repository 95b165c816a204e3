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
    return this.destroyed || content.length === 0 || this.push(content);
  }

  finish(): void {
    this.push(null);
  }

  /** The client has gone. */
  abort(): void {
    this.destroy(new Error('The client closed the connection before the end of the message'));
  }

  override _read(): void {
    this.#resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    callback(error);
    this.#resume();
  }
}
