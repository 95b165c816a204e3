// What it costs in memory to keep a connection open, and to keep a message.
import { startServer } from '../contestants/server.mjs';
import { STEADY } from '../load/mail.mjs';
import { RECORDING } from './entrants.mjs';

/** @typedef {import('../workload.mjs').Bench} Bench */
/** @typedef {import('../workload.mjs').Workload} Workload */
/** @typedef {import('../race.mjs').Entrant} Entrant */
/** @typedef {import('../load/jobs.mjs').Job} Job */

/** Octets. */
const KILOBYTE = 1_024;

/** V8's young generation grows by megabytes under load, which is no cost of a connection. */
const SMALL_NURSERY = ['--max-semi-space-size=1'];

/** @type {readonly Entrant[]} */
const HOLDERS = ['ceiling', 'Listener', 'SMTPServer', 'fixture', 'smtp-server'].map((name) => ({
  name,
  contestant: name,
}));

/** Octets: the fixture lets go of what was said beyond it. */
const LEAST_TRANSCRIPTS = 65_536;

/** @type {readonly Entrant[]} */
const KEEPERS = [
  {
    name: 'fixture, wire only',
    contestant: 'fixture',
    settings: { options: { parse: 'lazy', retain: { transcripts: LEAST_TRANSCRIPTS } } },
  },
  ...RECORDING.filter(({ name }) => name !== 'fixture, lazy'),
];

/** @type {readonly Workload[]} */
export const memory = [
  {
    name: 'idle-connections',
    title: 'Memory of a connection that said EHLO and is idle',
    run: (bench) => {
      const count = bench.quick ? 1_000 : 4_000;
      const idle = (/** @type {number} */ connections) => (/** @type {number} */ port) =>
        /** @type {const} */ ({ kind: 'conversation', port, connections, opening: [], steps: [], rounds: 0 });
      return compare(bench, HOLDERS, 'idle connection', count, idle(100), idle(count));
    },
  },
  {
    name: 'recorded',
    title: 'Memory of a recorded message of 1 KB; the fixture with a session each',
    run: (bench) => {
      const count = bench.quick ? 1_000 : 5_000;
      const send = (/** @type {number} */ rounds) => (/** @type {number} */ port, /** @type {string} */ name) =>
        name === 'fixture' ? visits(port, rounds) : kept(port, rounds);
      return compare(bench, KEEPERS, 'recorded message', count, send(200), send(count));
    },
  },
];

/**
 * @param {number} port
 * @param {number} rounds
 * @returns {Job}
 */
function kept(port, rounds) {
  return { kind: 'conversation', port, connections: 10, opening: [], steps: STEADY, rounds };
}

/**
 * @param {number} port
 * @param {number} rounds
 * @returns {Job}
 */
function visits(port, rounds) {
  return { kind: 'visits', port, connections: 10, steps: STEADY, rounds };
}

/**
 * What the second job leaves behind in servers that the first has warmed up, by each thing of `count`.
 *
 * @param {Bench} bench
 * @param {readonly Entrant[]} entrants
 * @param {string} thing
 * @param {number} count
 * @param {(port: number, name: string) => Job} warmUp
 * @param {(port: number, name: string) => Job} job
 */
async function compare(bench, entrants, thing, count, warmUp, job) {
  const all = entrants.map(({ name }) => ({
    name,
    resident: /** @type {number[]} */ ([]),
    retained: /** @type {number[]} */ ([]),
  }));
  for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
    for (const [lane, { name, contestant, settings }] of entrants.entries()) {
      const server = await startServer(contestant, { peers: bench.peers, ...settings }, SMALL_NURSERY);
      try {
        await bench.client.run(warmUp(server.port, name));
        await bench.client.end();
        await server.ask('reset');
        const before = await server.settled();
        await bench.client.run(job(server.port, name));
        const after = await server.settled();
        await bench.client.end();
        all[lane]?.resident.push((after.resident - before.resident) / count / KILOBYTE);
        all[lane]?.retained.push((after.retained - before.retained) / count / KILOBYTE);
      } finally {
        await server.stop();
      }
    }
  }
  const series = (/** @type {'resident' | 'retained'} */ key) =>
    all.map((one) => ({ name: one.name, values: one[key] }));
  return {
    measures: [
      {
        key: 'resident',
        unit: `KB resident per ${thing}`,
        better: /** @type {const} */ ('less'),
        series: series('resident'),
      },
      {
        key: 'retained',
        unit: `KB on the heap and beside it per ${thing}`,
        better: /** @type {const} */ ('less'),
        series: series('retained'),
      },
    ],
  };
}
