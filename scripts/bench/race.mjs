// Contestants that do the same in turn, round by round, so that what disturbs the machine disturbs all of them.
import { startServer } from './contestants/server.mjs';

/** @typedef {import('./contestants/server.mjs').Server} Server */
/** @typedef {import('./contestants/contestant.mjs').Settings} Settings */
/** @typedef {{ name: string, contestant: string, settings?: Settings }} Entrant A server under the name that the tables give it. */

/**
 * @typedef {object} Lap One round of one contestant.
 * @property {number} units
 * @property {number} seconds
 * @property {number} cpu Microseconds of the server.
 * @property {number} [clientCpu] Microseconds of the client, where it tells.
 */

/**
 * @typedef {object} Series All rounds of one contestant.
 * @property {string} name
 * @property {number[]} rates Units per second.
 * @property {number[]} cpu Microseconds of the server per unit.
 * @property {number[]} clientShare How much of the time the client was busy, from 0 to 1.
 */

/** @typedef {(server: Server, units: number) => Promise<Lap>} Drive */

/**
 * @typedef {object} Pace
 * @property {number} rounds
 * @property {number} seconds That a round should take.
 * @property {number} warmUp Seconds of the same before the first round, for the compilers of servers and client.
 */

/**
 * @typedef {object} Track
 * @property {Pace} pace
 * @property {string} peers
 * @property {readonly Entrant[]} entrants
 * @property {Drive} drive
 * @property {number} least Units of the smallest lap.
 * @property {number} most Units of the largest.
 * @property {number} grain A lap is a multiple of so many units.
 */

/** A lap this long tells how many units a round has, as a share of the round. */
const TELLING = 0.25;

/**
 * @param {Track} track
 * @returns {Promise<Series[]>}
 */
export async function race({ pace, peers, entrants, drive, least, most, grain }) {
  /** @type {{ server: Server, units: number, series: Series }[]} */
  const field = [];
  try {
    await Promise.all(
      entrants.map(async ({ name, contestant, settings }, lane) => {
        const server = await startServer(contestant, { peers, ...settings });
        field[lane] = { server, units: least, series: { name, rates: [], cpu: [], clientShare: [] } };
      }),
    );
    for (const runner of field) {
      const rate = await estimate(runner.server);
      await lap(runner.server, unitsFor(rate, pace.warmUp));
      runner.units = unitsFor(await estimate(runner.server), pace.seconds);
    }
    for (let round = 0; round < pace.rounds; round++) {
      for (const { server, units, series } of field) add(series, await lap(server, units));
    }
    return field.map(({ series }) => series);
  } finally {
    await Promise.all(field.map(({ server }) => server.stop()));
  }

  /**
   * Runs ever longer laps, until one tells.
   *
   * @param {Server} server
   * @returns {Promise<number>} Units per second.
   */
  async function estimate(server) {
    for (let units = least; ; units = Math.min(units * 4, most)) {
      const { seconds } = await lap(server, units);
      if (seconds >= pace.seconds * TELLING || units === most) return units / seconds;
    }
  }

  /**
   * @param {number} rate
   * @param {number} seconds
   */
  function unitsFor(rate, seconds) {
    return Math.max(least, Math.min(most, Math.round((rate * seconds) / grain) * grain));
  }

  /**
   * @param {Server} server
   * @param {number} units
   */
  async function lap(server, units) {
    // Garbage is not collected by force: compiled code goes with it.
    await server.ask('reset');
    return drive(server, units);
  }
}

/**
 * @param {Series} series
 * @param {Lap} lap
 */
function add(series, { units, seconds, cpu, clientCpu }) {
  series.rates.push(units / seconds);
  series.cpu.push(cpu / units);
  if (clientCpu !== undefined) series.clientShare.push(clientCpu / (seconds * 1e6));
}
