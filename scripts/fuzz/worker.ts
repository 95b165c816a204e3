// One thread of the soak: fuzzers one after the other, each with a seed of its own, so that any case is soon played again.
import { parentPort, workerData } from 'node:worker_threads';
import { describeFinding } from '../../packages/smtp/src/testing/fuzz/describe-finding.ts';
import { Fuzzer } from '../../packages/smtp/src/testing/fuzz/fuzzer.ts';
import { shrink } from '../../packages/smtp/src/testing/fuzz/shrink.ts';
import type { Progress, Task } from './progress.ts';

/** Cases of one fuzzer: enough for its corpus to lead far. */
const CASES = 25_000;

const task = workerData as Task;
const told = new Set<number>();
let seed = task.seed;
for (let left = task.cases; left > 0 && Date.now() < task.deadline; left -= CASES) {
  const progress = run(seed, Math.min(left, CASES));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  parentPort!.postMessage(progress);
  if (progress.finding !== null) break;
  seed += task.step;
}

/** Plays so many cases of one fuzzer, or fewer where one breaks an invariant. */
function run(seed: number, cases: number): Progress {
  const fuzzer = new Fuzzer(seed);
  const features: number[] = [];
  for (let number = 0; number < cases; number++) {
    const found = fuzzer.next();
    for (const feature of fuzzer.found) {
      if (told.has(feature)) continue;
      told.add(feature);
      features.push(feature);
    }
    if (found === undefined) continue;
    const origin = `${seed}:${number}`;
    const finding = `${describeFinding(found, origin)}\n\nShrunk:\n${describeFinding(shrink(found), origin)}`;
    return { cases: number + 1, features, finding };
  }
  return { cases, features, finding: null };
}
