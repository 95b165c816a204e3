// Replies on a bad road: they go out one after the other, each as a mishap has it.
import { encodeReply, type Reply } from '../wire/reply.ts';
import type { Ending, Mishap } from './fault.ts';

/** What a delivery needs of its dialogue. */
export interface Road {
  /** Sends a whole reply, together with what comes next. */
  readonly send: (reply: Reply) => void;
  /** Sends octets at once, after all that was sent before. */
  readonly write: (octets: Buffer) => void;
  /** So many octets of a reply have been written. */
  readonly sent: (reply: Reply, octets: number) => void;
  /** Sends all that was sent before at once, then calls `run` in so many milliseconds. Returns what cancels that. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
  /** Ends the connection when what was sent has left. */
  readonly cut: (by: Ending) => void;
  /** Nothing more will ever be sent. */
  readonly stall: () => void;
  /** All replies are sent. */
  readonly arrived: () => void;
}

/** A reply, and what befalls it. */
export interface Parcel {
  readonly reply: Reply;
  readonly mishap: Mishap | undefined;
}

export class Delivery {
  readonly #parcels: readonly Parcel[];
  readonly #road: Road;
  #cancel: () => void = () => {};
  #torn = false;

  constructor(parcels: readonly Parcel[], road: Road) {
    this.#parcels = parcels;
    this.#road = road;
  }

  /** Whether a part of a reply was sent, and the rest was not. */
  get isTorn(): boolean {
    return this.#torn;
  }

  begin(): void {
    this.#goOn(0);
  }

  /** The connection is gone. */
  abandon(): void {
    this.#cancel();
  }

  #goOn(from: number): void {
    for (let index = from; index < this.#parcels.length; index++) {
      const { mishap, reply } = this.#parcels[index]!;
      const next = (): void => this.#goOn(index + 1);
      switch (mishap?.effect) {
        case undefined:
          this.#road.send(reply);
          break;
        case 'garble':
          this.#road.write(mishap.octets);
          break;
        case 'delay':
          return this.#later(mishap.milliseconds, () => {
            this.#road.send(reply);
            next();
          });
        case 'trickle':
          if (!this.#trickle(reply, mishap, next)) return;
          break;
        case 'cut':
          this.#sendPart(reply, mishap.after);
          return this.#road.cut(mishap.by);
        case 'drop':
          return this.#road.cut(mishap.by);
        case 'stall':
          return this.#road.stall();
      }
    }
    this.#road.arrived();
  }

  #sendPart(reply: Reply, octets: number): void {
    const part = Buffer.from(encodeReply(reply)).subarray(0, octets);
    if (part.length > 0) this.#road.write(part);
    this.#road.sent(reply, part.length);
  }

  /** Whether all of it went out at once; else `next` is called when it has. */
  #trickle(
    reply: Reply,
    { milliseconds, octets }: Extract<Mishap, { readonly effect: 'trickle' }>,
    next: () => void,
  ): boolean {
    const all = Buffer.from(encodeReply(reply));
    const send = (from: number): boolean => {
      this.#road.write(all.subarray(from, from + octets));
      this.#torn = from + octets < all.length;
      if (this.#torn) this.#later(milliseconds, () => send(from + octets) && next());
      else this.#road.sent(reply, all.length);
      return !this.#torn;
    };
    return send(0);
  }

  #later(milliseconds: number, run: () => void): void {
    this.#cancel = this.#road.after(milliseconds, run);
  }
}
