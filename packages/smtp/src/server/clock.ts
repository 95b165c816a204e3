// Time, as the server knows it. A test runner's fake timers can't reach it: the real ones are taken at import.
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /**
   * Calls `run` once, after so many milliseconds; `holdsProcess` keeps the process from exiting before. Returns what cancels
   * it.
   */
  after(milliseconds: number, run: () => void, holdsProcess?: boolean): () => void;
}

const { clearTimeout, setImmediate, setTimeout } = timers;
const now = performance.now.bind(performance);
/** A longer time would overflow, and be over at once. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now,
  after(milliseconds, run, holdsProcess = false) {
    const timer = setTimeout(run, Math.min(milliseconds, LONGEST));
    if (!holdsProcess) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Calls `run` once, when what happens in this turn of the event loop has happened. */
export function soon(run: () => void): void {
  setImmediate(run);
}
