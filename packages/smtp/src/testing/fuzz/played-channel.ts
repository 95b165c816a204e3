// A channel whose client reads when it likes, and that tells of what comes too late.
import { MemoryChannel } from '../memory-channel.ts';
import type { Prng } from './prng.ts';
import { isReceived, type Tape } from './tape.ts';

export class PlayedChannel extends MemoryChannel {
  /** The dialogue was asked to hold back. */
  holding = false;
  /** Something was written that has not left. */
  leavingLater = false;
  handshakeDue = false;
  /** The connection was cut. */
  failed = false;
  /** How often time was to pass. */
  waits = 0;
  /** Octets that have left. */
  left = 0;
  /** Those that had left before the last of them did. */
  leftBefore = 0;
  /** The session is stalled, and says nothing more. */
  stalled: () => boolean = () => false;
  readonly #tape: Tape;
  readonly #prng: Prng | null;
  readonly #resumed: () => void;
  #written = 0;

  constructor(tape: Tape, prng: Prng | null, resumed: () => void) {
    super();
    this.#tape = tape;
    this.#prng = prng;
    this.#resumed = resumed;
    this.leaving = false;
  }

  /** Whether nothing may be said or asked any more. */
  get over(): boolean {
    return this.failed || this.closedBy !== null;
  }

  override write(text: string | Buffer, flushed: (() => void) | undefined): boolean {
    const octets = Buffer.from(text);
    if (this.failed || (this.stalled() && octets.length > 0)) this.#tape.afterEnd.push('write');
    this.#written += octets.length;
    this.#tape.longestWrite = Math.max(this.#tape.longestWrite, text.length);
    // Until it was released a stream takes nothing gladly.
    this.holding ||= this.#prng !== null && this.#prng.oneIn(4);
    this.accepting = !this.holding;
    this.leavingLater = true;
    return super.write(octets, flushed && (() => this.#guard(flushed)));
  }

  override leave(): void {
    this.leavingLater = false;
    this.leftBefore = this.left;
    this.left = this.#written;
    super.leave();
  }

  override startTls(): void {
    // A connection knows that its socket was cut.
    if (this.failed) return;
    if (this.over) this.#tape.afterEnd.push('startTls');
    this.handshakeDue = true;
    super.startTls();
  }

  override after(milliseconds: number, run: () => void): () => void {
    if (this.over || this.stalled()) this.#tape.afterEnd.push('after');
    this.waits++;
    const last = this.#tape.events.at(-1);
    if (last !== undefined && !isReceived(last)) last.waits.push(this.#written);
    return super.after(milliseconds, run);
  }

  override resume(): void {
    super.resume();
    this.#resumed();
  }

  override fail(error: unknown): void {
    this.failed = true;
    this.#tape.failures.push(error);
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }
}
