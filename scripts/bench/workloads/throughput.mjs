// How a race becomes a workload: what is measured of it, and how load is driven.
import { race } from '../race.mjs';
import { STEADY } from '../load/mail.mjs';
import { deliver } from '../load/smtp-source.mjs';

/** @typedef {import('../workload.mjs').Bench} Bench */
/** @typedef {import('../workload.mjs').Workload} Workload */
/** @typedef {import('../workload.mjs').Measure} Measure */
/** @typedef {import('../race.mjs').Drive} Drive */

/** A client that is busy for so much of the time is what holds the rate up. */
const SATURATED = 0.9;

/**
 * @typedef {object} Throughput
 * @property {string} name
 * @property {string} title
 * @property {string} unit What is counted, in the singular.
 * @property {(bench: Bench) => readonly import('../race.mjs').Entrant[]} entrants
 * @property {(bench: Bench) => Drive} drive
 * @property {number} [scale] Units that make one of `rateUnit`, if not one.
 * @property {string} [rateUnit] For example `MB/s`.
 * @property {number} least Units of the smallest lap.
 * @property {number} most Units of the largest.
 * @property {number} [stretch] How many times as long as others a lap takes.
 * @property {number} [grain] A lap is a multiple of so many units.
 */

/**
 * @param {Throughput} throughput
 * @returns {Workload}
 */
export function throughput({ name, title, unit, scale = 1, rateUnit = `${unit}s/s`, ...course }) {
  const { entrants, drive, least, most, stretch = 1, grain = 1 } = course;
  return {
    name,
    title,
    async run(bench) {
      const { peers } = bench;
      const pace = { ...bench.pace, seconds: bench.pace.seconds * stretch };
      const all = await race({ pace, peers, entrants: entrants(bench), drive: drive(bench), least, most, grain });
      const rates = all.map(({ name, rates }) => ({ name, values: rates.map((rate) => rate / scale) }));
      const cpu = all.map(({ name, cpu }) => ({ name, values: cpu.map((one) => one * scale) }));
      const busy = all.filter(({ clientShare }) => clientShare.some((share) => share > SATURATED));
      return {
        measures: [
          { key: 'rate', unit: rateUnit, better: 'more', series: rates },
          {
            key: 'cpu',
            unit: `server CPU µs per ${scale === 1 ? unit : rateUnit.replace('/s', '')}`,
            better: 'less',
            series: cpu,
          },
        ],
        notes:
          busy.length === 0
            ? []
            : [`The client was the limit, so that CPU tells more: ${busy.map(({ name }) => name).join(', ')}.`],
      };
    },
  };
}

/**
 * Drives by the raw client.
 *
 * @param {(port: number, units: number) => import('../load/jobs.mjs').Job} job
 * @returns {(bench: Bench) => Drive}
 */
export function byRawClient(job) {
  return ({ client }) =>
    async (server, units) => {
      let before = 0;
      const { seconds, cpu } = await client.run(job(server.port, units), async () => (before = await server.cpu()));
      const lap = { units, seconds, cpu: (await server.cpu()) - before, clientCpu: cpu };
      await client.end();
      return lap;
    };
}

/**
 * Drives by smtp-source, and by the raw client where there is none.
 *
 * @param {number} connections
 * @param {boolean} keep Whether connections are kept.
 * @returns {(bench: Bench) => Drive}
 */
export function bySmtpSource(connections, keep) {
  const instead = byRawClient((port, rounds) =>
    keep
      ? { kind: 'conversation', port, connections, opening: [], steps: STEADY, rounds }
      : { kind: 'visits', port, connections, steps: STEADY, rounds },
  );
  return (bench) => (bench.postfix ? drive : instead(bench));

  /** @type {Drive} */
  async function drive(server, units) {
    const before = await server.cpu();
    const seconds = await deliver({ port: server.port, clients: connections, messages: units, keep });
    return { units, seconds, cpu: (await server.cpu()) - before };
  }
}
