// A body as a Readable, with back-pressure down to the client.
import { Readable } from 'node:stream';
import type { BodySink } from '../server/handler.ts';
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
  }

  /** Takes a piece from the wire. `false` asks for a pause. */
  feed: BodySink['write'] = (piece) => {
    const content = this.#unstuffer.push(piece);
    this.byteLength += content.length;
    this.sizeExceeded = this.byteLength > this.#limit;
    // Nobody reads any more: the rest is drained.
    return this.destroyed || content.length === 0 || this.push(content);
  };

  finish(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    this.#resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    callback(error);
    this.#resume();
  }
}
