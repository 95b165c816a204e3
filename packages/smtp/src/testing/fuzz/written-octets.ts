// What was written, held against what the observer was told: every octet is one of a reply that is due, or of what befell it.
import { isSilence, type Mishap } from '../../server/fault.ts';
import { encodeReply, type Reply } from '../../wire/reply.ts';
import { isReceived, type Replied, type SinkRecord, type Tape } from './tape.ts';

/** What is to be written in the place of one reply (latin1). */
interface Due {
  readonly octets: string;
  readonly isWhole: boolean;
  /** What `sent` is to tell of it. */
  readonly told?: number;
  /** Whether nothing comes after it. */
  readonly isLast?: true;
}

/** How the replies of one event were written, or what disagrees. */
type ReadReplies = string | { readonly broken: boolean; readonly last: boolean };

export class WrittenOctets {
  /** What disagrees; `undefined` where nothing does. */
  readonly fault: string | undefined;
  /** The replies that were written whole, one after the other (latin1). */
  replies = '';
  readonly #text: string;
  /** What was not written when the connection went is lost. */
  readonly #isLossy: boolean;
  readonly #spans = new Map<Replied, { readonly from: number; readonly to: number }>();
  #at = 0;

  constructor({ closedBy, events, failures, text }: Tape) {
    this.#text = text;
    this.#isLossy = closedBy === null || failures.length > 0;
    this.fault = this.#read(events) ?? this.#rest();
  }

  /** Whether the last octet of an event's replies is among those that left when somebody was told so. */
  leavesIn(event: Replied, { after, notAfter }: NonNullable<SinkRecord['told']>): boolean {
    const span = this.#spans.get(event);
    if (span === undefined || span.to > after) return false;
    return span.to > notAfter || span.from === span.to;
  }

  #read(events: Tape['events']): string | undefined {
    for (const event of events) {
      if (isReceived(event)) continue;
      const from = this.#at;
      const read = this.#readReplies(event);
      if (typeof read === 'string') return read;
      if (read.broken) continue;
      this.#spans.set(event, { from, to: this.#at });
      if (read.last) return undefined;
    }
    return undefined;
  }

  #readReplies(event: Replied): ReadReplies {
    const { isTroubled, mishaps, proposal, replies, sent } = event;
    const waits = [...event.waits];
    if (mishaps.some((it) => it !== undefined) !== isTroubled) return `${proposal.step} has met with a mishap unseen`;
    const told = [...sent];
    for (const [index, reply] of replies.entries()) {
      const mishap = mishaps[index];
      if ((reply === null) !== (mishap !== undefined && isSilence(mishap))) return `${reply?.code} is no silence`;
      const due = dueFor(reply, mishap);
      if (!this.#agreesWithWaits(due, mishap, waits, told.length === 0))
        return `time passed after ${event.waits.join(', ')} octets`;
      if (isTroubled && due.told !== undefined) {
        const telling = told.shift();
        if (telling === undefined) return this.#breakOff(due, mishap);
        if (telling.reply !== reply || telling.octets !== due.told)
          return `${telling.octets} octets of ${telling.reply.code} are told of, and not ${due.told}`;
      }
      if (!this.#take(due.octets)) return this.#missing(due);
      if (due.isWhole) this.replies += due.octets;
      if (due.isLast) return told.length > 0 ? 'more was sent than was due' : { broken: false, last: true };
    }
    return told.length > 0 ? 'more was sent than was due' : { broken: false, last: false };
  }

  /** All that was sent before is written when time is to pass. There are fewer waits where that was broken off. */
  #agreesWithWaits({ octets }: Due, mishap: Mishap | undefined, waits: number[], isBroken: boolean): boolean {
    const isNext = (at: number): boolean => (waits.length === 0 ? isBroken : waits.shift() === at);
    if (mishap?.effect === 'delay') return isNext(this.#at);
    if (mishap?.effect !== 'trickle') return true;
    for (let sent = mishap.octets; sent < octets.length; sent += mishap.octets)
      if (!isNext(this.#at + sent)) return false;
    return true;
  }

  /** The session has ended before the reply was sent, or while it was. */
  #breakOff({ octets }: Due, mishap: Mishap | undefined): ReadReplies {
    if (mishap?.effect === 'trickle') {
      const part = this.#text.slice(this.#at);
      const isPart = octets.startsWith(part) && part.length % mishap.octets === 0 && part.length < octets.length;
      if (isPart) this.#at = this.#text.length;
    } else if (mishap?.effect !== 'delay' && !this.#isLossy) {
      return 'nothing tells that a reply was sent';
    }
    return { broken: true, last: false };
  }

  #take(octets: string): boolean {
    if (!this.#text.startsWith(octets, this.#at)) return false;
    this.#at += octets.length;
    return true;
  }

  #missing({ octets }: Due): ReadReplies {
    if (this.#isLossy && this.#at === this.#text.length) return { broken: true, last: false };
    return `${JSON.stringify(octets)} is due, and ${JSON.stringify(this.#text.slice(this.#at))} was written`;
  }

  #rest(): string | undefined {
    return this.#at === this.#text.length ? undefined : `${JSON.stringify(this.#text.slice(this.#at))} is nobody's`;
  }
}

function dueFor(reply: Reply | null, mishap: Mishap | undefined): Due {
  const whole = reply === null ? '' : Buffer.from(encodeReply(reply)).toString('latin1');
  switch (mishap?.effect) {
    case 'garble':
      return { octets: mishap.octets.toString('latin1'), isWhole: false };
    case 'stall':
    case 'drop':
      return { octets: '', isWhole: false, isLast: true };
    case 'cut': {
      const octets = whole.slice(0, mishap.after);
      return { octets, isWhole: octets === whole, told: octets.length, isLast: true };
    }
    case 'trickle':
      return { octets: whole, isWhole: true, told: whole.length };
    default:
      return { octets: whole, isWhole: true, told: Infinity };
  }
}
