// How long this process's event loop stands still at most: by the clock, and by the processor time of its thread.
import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds; what the clock says beyond it is a pause. */
const RESOLUTION = 1;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
const buffer = Buffer.alloc(64);
/** Linux tells the nanoseconds of a thread here; the main thread has the number of its process. */
const file = process.platform === 'linux' ? openSync(`/proc/self/task/${process.pid}/schedstat`, 'r') : null;

let watching = false;
let longest = 0;

export function watchLoop() {
  watching = true;
  longest = 0;
  delay.reset();
  delay.enable();
  turn(threadTime());
}

/**
 * The longest since then, in milliseconds.
 *
 * @returns {{ clock: number, cpu: number }} On a machine with other work the clock tells of that too.
 */
export function longestTurn() {
  watching = false;
  delay.disable();
  return { clock: Math.max(0, delay.max / 1e6 - RESOLUTION), cpu: longest };
}

/** @param {number} before */
function turn(before) {
  setImmediate(() => {
    const now = threadTime();
    longest = Math.max(longest, now - before);
    if (watching) turn(now);
  });
}

/** @returns {number} Milliseconds on a processor; by the clock where the system does not tell. */
function threadTime() {
  if (file === null) return performance.now();
  const length = readSync(file, buffer, 0, buffer.length, 0);
  return Number.parseInt(buffer.toString('latin1', 0, length), 10) / 1e6;
}
