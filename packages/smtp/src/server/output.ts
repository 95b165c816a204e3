// The replies of one turn, collected for one write: a write for each reply would cost several times the reply.
import { encodeReply, type Reply } from '../wire/reply.ts';
import { Delivery, type Parcel } from './delivery.ts';
import type { Ending } from './fault.ts';
import type { BodySink } from './handler.ts';

export interface Outlet {
  /** Sends text, or octets; `flushed` is called when it has left the process, or never will. `false` asks to hold back. */
  write(text: string | Buffer, flushed: (() => void) | undefined): boolean;
}

/** Whoever has replies delivered on a bad road. */
export interface Consignor {
  /** Calls `run` once, in so many milliseconds. Returns what cancels it. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
  /** One of them was sent, or so many octets of it. */
  readonly sent: (reply: Reply, octets: number) => void;
  /** All that can be has been sent. */
  readonly arrived: () => void;
  /** Nothing more is to be said or heard. */
  readonly stall: () => void;
  /** The connection is to end here. */
  readonly cut: (by: Ending) => void;
}

/** Characters that are written although there is more input: bounds what a pipelining client makes us hold. */
const LIMIT = 65_536;

export class Output {
  readonly #outlet: Outlet;
  #text = '';
  /** Those whose replies are in the text, or in what is delivered. */
  readonly #sinks: BodySink[] = [];
  #held = false;
  #delivery: Delivery | null = null;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Whether what was written has not gone yet. */
  get held(): boolean {
    return this.#held;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  get isLong(): boolean {
    return this.#text.length > LIMIT;
  }

  add(reply: Reply): void {
    this.#text += encodeReply(reply);
  }

  /** Tells a sink when what is added up to the next write has gone, or all that is delivered next. */
  whenFlushed(sink: BodySink): void {
    if (sink.flushed !== undefined) this.#sinks.push(sink);
  }

  /** Writes what was collected. */
  flush(written?: () => void): void {
    // A delivery may have come to its end with what was written before.
    const owed = this.#delivery === null && this.#sinks.length > 0;
    if (this.#text === '' && written === undefined && !owed) return;
    const text = this.#text;
    this.#text = '';
    this.#write(text, written);
  }

  /** Sends replies that meet with mishaps, after all that was collected. */
  deliver(parcels: readonly Parcel[], { after, arrived, cut, sent, stall }: Consignor): void {
    this.#delivery = new Delivery(parcels, {
      send: (reply) => {
        this.add(reply);
        sent(reply, Infinity);
      },
      write: (octets) => {
        this.flush();
        this.#write(octets, undefined);
      },
      sent,
      after: (milliseconds, run) => {
        this.flush();
        return after(milliseconds, run);
      },
      cut: (by) => {
        this.#delivery = null;
        cut(by);
      },
      stall: () => {
        this.#delivery = null;
        stall();
      },
      arrived: () => {
        this.#delivery = null;
        arrived();
      },
    });
    this.#delivery.begin();
  }

  /** Breaks off what is being delivered. Returns whether whole replies are all that was sent. */
  breakOff(): boolean {
    const delivery = this.#delivery;
    this.#delivery = null;
    delivery?.abandon();
    return !delivery?.isTorn;
  }

  /** What was written has gone. */
  release(): void {
    this.#held = false;
  }

  /** Nothing will be written any more. */
  abandon(): void {
    this.breakOff();
    this.#text = '';
    for (const sink of this.#sinks.splice(0)) sink.flushed?.();
  }

  #write(text: string | Buffer, written: (() => void) | undefined): void {
    // Whose reply is being delivered waits for all of it.
    const sinks = this.#delivery === null ? this.#sinks.splice(0) : [];
    const flushed = (): void => {
      for (const sink of sinks) sink.flushed?.();
      written?.();
    };
    this.#held = !this.#outlet.write(text, sinks.length === 0 ? written : flushed);
  }
}
