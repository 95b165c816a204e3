// The process of one server: starts it, and does what the bench asks by name.
import { setTimeout as delay } from 'node:timers/promises';
import { CONTESTANTS } from './contestant.mjs';
import { longestTurn, watchLoop } from './loop-watch.mjs';

/**
 * @typedef {object} Usage
 * @property {number} cpu Microseconds of user and system time so far.
 * @property {number} resident Octets.
 * @property {number} peak The most resident octets so far.
 * @property {number} retained Octets on the heap and beside it.
 */

/** @typedef {{ name: string, settings: import('./contestant.mjs').Settings }} Assignment */
/** @typedef {{ id: number, call: string, argument?: unknown }} Question */
/** @typedef {{ id: number, value?: unknown, error?: string }} Reply */

/** @type {Readonly<Record<string, () => unknown>>} */
const COMMON = {
  usage,
  async settled() {
    // What a collection finalizes is free after the next one.
    for (let rounds = 3; rounds > 0; rounds--) {
      globalThis.gc?.();
      await delay(20);
    }
    return usage();
  },
  watchLoop,
  longestTurn,
  /** Those who read messages as they come have nothing left to do. */
  readLast: () => undefined,
};

process.once('message', (/** @type {Assignment} */ { name, settings }) => void serve(name, settings));
// Whoever started this is gone.
process.on('disconnect', () => process.exit());

/**
 * @param {string} name
 * @param {import('./contestant.mjs').Settings} settings
 */
async function serve(name, settings) {
  const load = CONTESTANTS[name];
  if (load === undefined) throw new Error(`There is no ${name}.`);
  const server = await (await load()).start(settings);
  process.on('message', (/** @type {Question} */ question) => void answer(question, { ...COMMON, ...server }));
  process.send?.({ id: 0, value: server.port });
}

/**
 * @param {Question} question
 * @param {object} methods
 */
async function answer({ id, call, argument }, methods) {
  /** @type {Reply} */
  let reply = { id };
  try {
    const method = /** @type {Record<string, (argument: unknown) => unknown>} */ (methods)[call];
    reply = { id, value: await method?.(argument) };
  } catch (error) {
    reply = { id, error: String(error) };
  }
  process.send?.(reply);
}

/** @returns {Usage} */
function usage() {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const peak = process.resourceUsage().maxRSS * 1_024;
  return { cpu: user + system, resident: rss, peak, retained: heapUsed + external };
}
