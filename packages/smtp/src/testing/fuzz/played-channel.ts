// A channel whose client reads when it likes, and that tells of what comes too late.
import { MemoryChannel } from '../memory-channel.ts';
import type { Prng } from './prng.ts';
import type { Tape } from './tape.ts';

export class PlayedChannel extends MemoryChannel {
  /** The dialogue was asked to hold back. */
  holding = false;
  /** Something was written that has not left. */
  leavingLater = false;
  handshakeDue = false;
  /** The connection was cut. */
  failed = false;
  readonly #tape: Tape;
  readonly #prng: Prng | null;
  readonly #resumed: () => void;

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

  override write(text: string, flushed: (() => void) | undefined): boolean {
    if (this.failed) this.#tape.afterClose.push('write');
    this.#tape.longestWrite = Math.max(this.#tape.longestWrite, text.length);
    // Until it was released a stream takes nothing gladly.
    this.holding ||= this.#prng !== null && this.#prng.oneIn(4);
    this.accepting = !this.holding;
    this.leavingLater ||= flushed !== undefined;
    return super.write(text, flushed && (() => this.#guard(flushed)));
  }

  override leave(): void {
    this.leavingLater = false;
    super.leave();
  }

  override startTls(): void {
    // A connection knows that its socket was cut.
    if (this.failed) return;
    if (this.over) this.#tape.afterClose.push('startTls');
    this.handshakeDue = true;
    super.startTls();
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
