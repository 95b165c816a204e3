// The replies of one turn, collected for one write: a write for each reply would cost several times the reply.
import { encodeReply, type Reply } from '../wire/reply.ts';
import type { BodySink } from './handler.ts';

export interface Outlet {
  /** Sends text; `flushed` is called when it has left the process, or never will. `false` asks to hold back. */
  write(text: string, flushed: (() => void) | undefined): boolean;
}

/** Characters that are written although there is more input: bounds what a pipelining client makes us hold. */
const LIMIT = 65_536;

export class Output {
  #text = '';
  /** Those whose replies are in the text. */
  #sinks: BodySink[] = [];

  get isEmpty(): boolean {
    return this.#text === '';
  }

  get isLong(): boolean {
    return this.#text.length > LIMIT;
  }

  add(reply: Reply): void {
    this.#text += encodeReply(reply);
  }

  /** Tells a sink when what is added up to the next write has gone. */
  whenFlushed(sink: BodySink): void {
    if (sink.flushed !== undefined) this.#sinks.push(sink);
  }

  /** Writes what was collected; `false` asks to hold back. */
  flush(outlet: Outlet, written: (() => void) | undefined): boolean {
    const sinks = this.#sinks;
    const text = this.#text;
    this.#sinks = [];
    this.#text = '';
    if (sinks.length === 0) return outlet.write(text, written);
    return outlet.write(text, () => {
      for (const sink of sinks) sink.flushed?.();
      written?.();
    });
  }

  /** Nothing will be written any more. */
  abandon(): void {
    this.#text = '';
    for (const sink of this.#sinks.splice(0)) sink.flushed?.();
  }
}
