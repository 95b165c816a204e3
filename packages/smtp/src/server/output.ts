// What goes out: replies, each of which lets the session move, in one write for a turn, until nothing more can be said.
import type { Proposal } from '../session/proposal.ts';
import type { Session } from '../session/session.ts';
import { encodeReply, isCompletion, withoutEnhanced, type Reply } from '../wire/reply.ts';
import type { Channel } from './channel.ts';
import { Delivery, type Parcel } from './delivery.ts';
import { isSilence, type Ending, type Mishap } from './fault.ts';
import type { BodySink, ClosedBy, SessionObserver } from './handler.ts';
import type { Judgement } from './judgement.ts';

/** Whoever has replies delivered on a bad road. */
export interface Consignor {
  /** Calls `run` once, in so many milliseconds. Returns what cancels it. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
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
  readonly #session: Session;
  readonly #observer: SessionObserver | undefined;
  readonly #channel: Channel;
  /** A write for each reply would cost several times the reply. */
  #text = '';
  /** Those whose replies are in the text, or in what is delivered. */
  #sinks: BodySink[] | undefined;
  #delivery: Delivery | null = null;
  #held = false;
  #flushesSoon = false;
  #closed = false;

  constructor(session: Session, observer: SessionObserver | undefined, channel: Channel) {
    this.#session = session;
    this.#observer = observer;
    this.#channel = channel;
  }

  /** Whether what was written has not gone yet. */
  get held(): boolean {
    return this.#held;
  }

  /** Whether nothing more can be said. */
  get closed(): boolean {
    return this.#closed;
  }

  get isLong(): boolean {
    return this.#text.length > LIMIT;
  }

  /**
   * Lets the session move, and says the replies with the next write; those that meet with mishaps are still to be delivered. `ahead`
   * tells that the client did not wait for them. Returns them as they are sent.
   */
  add({ mishaps, proposal, replies: judged }: Judgement, ahead: boolean): readonly Reply[] {
    const replies = this.#session.policy.enhancedStatusCodes ? judged : judged.map(withoutEnhanced);
    if (mishaps === undefined) for (const reply of replies) this.#text += encodeReply(reply);
    this.#session.commit(proposal, decisive(replies));
    if (mishaps === undefined) this.#observer?.replied?.(proposal, replies, ahead);
    else this.#observer?.troubled?.(proposal, counting(replies, mishaps), ahead);
    return replies;
  }

  /** Tells a sink when what is added up to the next write has gone, or all that is delivered next. */
  whenFlushed(sink: BodySink): void {
    if (sink.flushed !== undefined) (this.#sinks ??= []).push(sink);
  }

  /** Writes what was collected. */
  flush(written?: () => void): void {
    // Something may have failed that was guarded by itself: nothing more can be said.
    if (this.#closed) return;
    // A delivery may have come to its end with what was written before.
    const owed = this.#delivery === null && this.#sinks !== undefined;
    if (this.#text === '' && written === undefined && !owed) return;
    const text = this.#text;
    this.#text = '';
    this.#write(text, written);
  }

  /** Whoever is asked may answer within this turn: then the answer goes with what was said before, in one write instead of two. */
  flushSoon(): void {
    if ((this.#text === '' && this.#sinks === undefined) || this.#flushesSoon) return;
    this.#flushesSoon = true;
    this.#channel.soon(() => {
      this.#flushesSoon = false;
      this.guard(() => this.flush());
    });
  }

  /** Sends replies that meet with mishaps, after all that was collected. */
  deliver(proposal: Proposal, parcels: readonly Parcel[], { after, arrived, cut, stall }: Consignor): void {
    const sent = (reply: Reply, octets: number): void => this.#observer?.sent?.(proposal, reply, octets);
    this.#delivery = new Delivery(parcels, {
      send: (reply) => {
        this.#text += encodeReply(reply);
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
    for (const sink of this.#takeSinks()) sink.flushed?.();
  }

  /** Closes the connection behind the last word. */
  close(by: ClosedBy): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#channel.close(by);
  }

  /** The connection is gone, or is about to be. */
  end(): void {
    this.#closed = true;
  }

  /** What others get wrong ends this session, and nothing else. */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#closed = true;
      this.#channel.fail(error);
    }
  }

  #write(text: string | Buffer, written: (() => void) | undefined): void {
    // Whose reply is being delivered waits for all of it.
    const sinks = this.#delivery === null ? this.#takeSinks() : NONE;
    const flushed = (): void => {
      for (const sink of sinks) sink.flushed?.();
      written?.();
    };
    this.#held = !this.#channel.write(text, sinks.length === 0 ? written : flushed);
  }

  #takeSinks(): readonly BodySink[] {
    const sinks = this.#sinks ?? NONE;
    this.#sinks = undefined;
    return sinks;
  }
}

const NONE: readonly BodySink[] = [];

/** The reply that moves the session: a message that was accepted for one of its recipients was accepted. */
function decisive(replies: readonly Reply[]): Reply {
  if (replies.length === 1) return replies[0]!;
  return replies.find(({ code }) => code === 421) ?? replies.find(isCompletion) ?? replies.at(-1)!;
}

/** The replies that count: `null` for one that the client never gets. */
function counting(replies: readonly Reply[], mishaps: readonly (Mishap | undefined)[]): (Reply | null)[] {
  return replies.map((reply, index) => (mishaps[index] && isSilence(mishaps[index]) ? null : reply));
}
