// The process of the raw client: gets ready for a job, runs it when told, and says what it took.
import { getReady } from './jobs.mjs';

/** @typedef {{ id: number, call: string, argument: import('./jobs.mjs').Job }} Question */

/**
 * @typedef {object} Run
 * @property {number} seconds
 * @property {number} cpu Microseconds that this client used.
 */

/** @type {import('./jobs.mjs').Ready | null} */
let ready = null;

/** @type {Readonly<Record<string, (job: import('./jobs.mjs').Job) => unknown>>} */
const CALLS = {
  async ready(job) {
    ready = await getReady(job);
  },
  run,
  end() {
    ready?.end();
    ready = null;
  },
};

process.on('disconnect', () => process.exit());
process.on('message', (/** @type {Question} */ question) => {
  // The first message wants to know no more than that somebody is here.
  if (question.id === 0) process.send?.({ id: 0 });
  else void answer(question);
});

/** @param {Question} question */
async function answer({ id, call, argument }) {
  try {
    process.send?.({ id, value: await CALLS[call]?.(argument) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}

/** @returns {Promise<Run>} */
async function run() {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await ready?.run();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpu: user + system };
}
