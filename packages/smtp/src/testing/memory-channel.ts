// A connection without a socket: it keeps what a dialogue writes, and what it asks for.
import type { Channel } from '../server/channel.ts';
import type { Ending } from '../server/fault.ts';
import type { ClosedBy } from '../server/handler.ts';
import { ManualClock } from './manual-clock.ts';

export class MemoryChannel implements Channel {
  /** What was written, one text for each write. */
  readonly writes: string[] = [];
  /** Whether the next write is taken gladly; else the dialogue holds back until it is released. */
  accepting = true;
  /** Whether what is written leaves at once; else it leaves with `leave()`. */
  leaving = true;
  /** STARTTLS handshakes asked for. */
  handshakes = 0;
  /** How often input was wanted again. */
  resumed = 0;
  closedBy: ClosedBy | null = null;
  /** How the connection was ended in the midst of things. */
  endedBy: Ending | null = null;
  #waiting: (() => void)[] = [];
  readonly clock: ManualClock = new ManualClock();

  /** Everything written so far. */
  get text(): string {
    return this.writes.join('');
  }

  /** Reply codes of everything written so far, one for each reply. */
  get codes(): number[] {
    return this.text.match(/^\d{3}(?= )/gm)?.map(Number) ?? [];
  }

  write(text: string | Buffer, flushed: (() => void) | undefined): boolean {
    if (this.closedBy !== null) throw new Error(`Written after the end: ${text.toString()}`);
    this.writes.push(text.toString('latin1'));
    if (flushed !== undefined) this.#waiting.push(flushed);
    if (this.leaving) this.leave();
    return this.accepting;
  }

  /** What was written leaves the process. */
  leave(): void {
    for (const flushed of this.#waiting.splice(0)) flushed();
  }

  startTls(): void {
    this.handshakes++;
  }

  close(by: ClosedBy): void {
    if (this.closedBy !== null) throw new Error('Closed twice');
    this.closedBy = by;
  }

  cut(by: Ending): void {
    this.endedBy = by;
    this.close('server');
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.clock.after(milliseconds, run);
  }

  soon(run: () => void): void {
    run();
  }

  resume(): void {
    this.resumed++;
  }

  fail(error: unknown): void {
    throw error;
  }
}
