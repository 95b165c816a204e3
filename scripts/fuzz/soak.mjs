// Fuzzes the dialogue in memory, on all cores: node scripts/fuzz/soak.mjs [--seconds 60] [--cases n] [--seed n] [--workers n]
// [--replay seed:case]. A finding is printed with all that it takes to see it again, and fails the soak.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { rolldown } from 'rolldown';
import { root } from '../workspace.mjs';

/** @typedef {import('./progress.ts').Progress} Progress */
/** @typedef {import('./progress.ts').Task} Task */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    replay: { type: 'string' },
  },
});
const [seed = 1, replayed] = (values.replay ?? values.seed).split(':').map(Number);
const workers = replayed === undefined ? Number(values.workers) : 1;
const cases = replayed === undefined ? Number(values.cases ?? Infinity) : replayed + 1;
// Without any limit a minute is enough.
const seconds = Number(values.seconds ?? (cases === Infinity ? 60 : Infinity));

const sum = { cases: 0, findings: 0, /** @type {Set<number>} */ features: new Set() };
const memory = { start: rss(), peak: 0 };
const started = Date.now();
const directory = await mkdtemp(join(tmpdir(), 'mailrig-fuzz-'));
try {
  const worker = await bundle();
  await Promise.all(Array.from({ length: workers }, (_none, index) => soak(worker, index)));
} finally {
  await rm(directory, { recursive: true });
}
console.log(
  `${report()}; RSS ${memory.start} MB at first, ${memory.peak} at most, ${rss()} at last; ${sum.findings} findings`,
);
if (sum.findings > 0) process.exitCode = 1;

/** Node 20 runs no TypeScript, so that the sources are bundled first. */
async function bundle() {
  const bundled = await rolldown({ cwd: root, input: 'scripts/fuzz/worker.ts', platform: 'node', tsconfig: false });
  const { output } = await bundled.write({ dir: directory, codeSplitting: false, entryFileNames: '[name].mjs' });
  await bundled.close();
  return join(directory, output[0].fileName);
}

/**
 * @param {string} file
 * @param {number} index
 * @returns {Promise<void>}
 */
function soak(file, index) {
  /** @type {Task} */
  const task = {
    seed: seed + index,
    step: workers,
    cases: Math.ceil(cases / workers),
    deadline: started + seconds * 1_000,
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: task });
    worker.on('message', note);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

/** @param {Progress} progress */
function note(progress) {
  sum.cases += progress.cases;
  for (const feature of progress.features) sum.features.add(feature);
  memory.peak = Math.max(memory.peak, rss());
  console.log(report());
  if (progress.finding === null) return;
  sum.findings++;
  console.error(`\n${progress.finding}\n`);
}

function report() {
  const perSecond = Math.round((sum.cases * 1_000) / (Date.now() - started));
  return `${sum.cases} inputs, ${perSecond} a second, ${sum.features.size} features, RSS ${rss()} MB`;
}

function rss() {
  return Math.round(process.memoryUsage.rss() / 1_048_576);
}
