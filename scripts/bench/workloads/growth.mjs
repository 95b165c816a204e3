// How the fixture's costs grow with what it records, with who waits, and with what is scripted.
import { startServer } from '../contestants/server.mjs';
import { manyRecipients, NOOP, PIPELINED, PIPELINED_OPENING, STEADY } from '../load/mail.mjs';
import { logarithmicSteps } from '../measure.mjs';

/** @typedef {import('../workload.mjs').Bench} Bench */
/** @typedef {import('../workload.mjs').Workload} Workload */
/** @typedef {import('../contestants/server.mjs').Server} Server */
/** @typedef {import('../load/jobs.mjs').Conversation} Conversation */
/** @typedef {import('../workload.mjs').Curve} Curve */

/**
 * @typedef {object} Growth
 * @property {string} name
 * @property {string} title
 * @property {string} x
 * @property {number} from
 * @property {number} to
 * @property {number} quickTo
 * @property {Curve['limit']} limit
 * @property {boolean} [keeps] Whether what is recorded costs memory.
 * @property {string} [before] What the server is asked first, with the number.
 * @property {(count: number) => Partial<Conversation>} job
 */

/** Of so many runs the cheapest counts, for noise only adds. */
const REPEATS = 3;
const POINTS = 5;

/** All of 100,000 messages is to be kept. */
const OPTIONS = { retain: { messages: 200_000, bytes: 4 * 2 ** 30, sessions: 200_000, transcripts: 2 ** 30 } };

/** @type {readonly Growth[]} */
const GROWTHS = [
  {
    name: 'growth-messages',
    title: 'messages of 1 KB',
    x: 'messages',
    from: 1_000,
    to: 100_000,
    quickTo: 5_000,
    limit: 'linear',
    keeps: true,
    job: (rounds) => ({ connections: 10, opening: [PIPELINED_OPENING], steps: PIPELINED, rounds }),
  },
  {
    name: 'growth-recipients',
    title: 'recipients of one message',
    x: 'recipients',
    from: 1_000,
    to: 100_000,
    quickTo: 10_000,
    limit: 'linear',
    keeps: true,
    job: (count) => ({ steps: manyRecipients(count), rounds: 1 }),
  },
  {
    name: 'growth-sessions',
    title: 'sessions that are open at the same time',
    x: 'sessions',
    from: 100,
    to: 5_000,
    quickTo: 1_000,
    limit: 'linear',
    keeps: true,
    job: (connections) => ({ connections, steps: NOOP, rounds: connections }),
  },
  {
    name: 'growth-transcript',
    title: 'lines in the transcript of one session',
    x: 'commands',
    from: 1_000,
    to: 100_000,
    quickTo: 10_000,
    limit: 'linear',
    keeps: true,
    job: (count) => ({ steps: [{ send: 'NOOP\r\n'.repeat(100), replies: 100 }], rounds: Math.round(count / 100) }),
  },
  {
    name: 'growth-waiters',
    title: 'waiters while 500 messages for others arrive',
    x: 'waiters',
    from: 10,
    to: 10_000,
    quickTo: 1_000,
    limit: 'linear',
    before: 'wait',
    job: () => ({ steps: STEADY, rounds: 500 }),
  },
  {
    name: 'growth-idle-waiters',
    title: 'waiters while nothing arrives but 5,000 NOOP',
    x: 'waiters',
    from: 10,
    to: 10_000,
    quickTo: 1_000,
    limit: 'constant',
    before: 'wait',
    job: () => ({ steps: NOOP, rounds: 5_000 }),
  },
  {
    name: 'growth-faults',
    title: 'fault rules for others while 1,000 messages arrive',
    x: 'rules',
    from: 10,
    to: 10_000,
    quickTo: 10_000,
    limit: 'constant',
    before: 'inject',
    job: () => ({ steps: STEADY, rounds: 1_000 }),
  },
];

/** @type {readonly Workload[]} */
export const growth = GROWTHS.map((one) => ({
  name: one.name,
  title: `Growth: ${one.title}`,
  async run(bench) {
    const server = await startServer('fixture', { options: OPTIONS });
    try {
      return { curves: await curvesOf(bench, server, one) };
    } finally {
      await server.stop();
    }
  },
}));

/**
 * @param {Bench} bench
 * @param {Server} server
 * @param {Growth} growth
 * @returns {Promise<Curve[]>}
 */
async function curvesOf(bench, server, { name, title, x, from, to, quickTo, limit, keeps = false, before, job }) {
  const counts = logarithmicSteps(from, bench.quick ? quickTo : to, bench.quick ? 3 : POINTS);
  const runs = counts.map((count) => ({ count, cpu: Number.POSITIVE_INFINITY, memory: 0 }));
  // Once for the compilers.
  await spend(Math.max(...counts));
  for (let repeat = 0; repeat < (bench.quick ? 1 : REPEATS); repeat++) {
    for (const run of runs) run.cpu = Math.min(run.cpu, await spend(run.count));
  }
  // To look at memory garbage is collected by force, and compiled code with it: that comes last.
  if (keeps) for (const run of runs) run.memory = await retain(run.count);
  const curve = (/** @type {'cpu' | 'memory'} */ cost, /** @type {string} */ y) =>
    /** @type {Curve} */ ({
      key: `${name}-${cost}`,
      title,
      x,
      y,
      name: 'fixture',
      points: runs.map((run) => [run.count, run[cost]]),
      limit,
    });
  return [curve('cpu', 'server CPU in ms'), ...(keeps ? [curve('memory', 'retained MB')] : [])];

  /**
   * @param {number} count
   * @returns {Promise<number>} Milliseconds of the server's CPU.
   */
  async function spend(count) {
    await server.ask('reset');
    if (before !== undefined) await server.ask(before, count);
    const idle = await server.cpu();
    await run(count);
    const cpu = (await server.cpu()) - idle;
    await bench.client.end();
    return cpu / 1_000;
  }

  /**
   * @param {number} count
   * @returns {Promise<number>} Megabytes.
   */
  async function retain(count) {
    await server.ask('reset');
    const { retained } = await server.settled();
    await run(count);
    const now = await server.settled();
    await bench.client.end();
    return (now.retained - retained) / 1e6;
  }

  /** @param {number} count */
  async function run(count) {
    const defaults = { connections: 1, opening: [], steps: [], rounds: 0 };
    await bench.client.run({ kind: 'conversation', port: server.port, ...defaults, ...job(count) });
  }
}
