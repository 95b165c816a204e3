// One message of 25 MB that is recorded and parsed: memory at its peak and at rest, and how long the event loop stands still.
import { startServer } from '../contestants/server.mjs';
import { attachment } from '../load/mail.mjs';
import { RECORDING } from './entrants.mjs';

/** @typedef {import('../workload.mjs').Measure} Measure */

/** Octets. */
const SIZE = 25e6;

/** @type {import('../workload.mjs').Workload} */
export const largeMessage = {
  name: 'large-message',
  title: 'A message of 25 MB with an attachment, recorded and parsed',
  async run(bench) {
    const all = RECORDING.map((entrant) => ({
      entrant,
      peak: /** @type {number[]} */ ([]),
      rest: /** @type {number[]} */ ([]),
      pause: /** @type {number[]} */ ([]),
      turn: /** @type {number[]} */ ([]),
      reading: /** @type {number[]} */ ([]),
    }));
    for (let round = 0; round < (bench.quick ? 1 : 5); round++) {
      for (const { entrant, peak, rest, pause, turn, reading } of all) {
        const server = await startServer(entrant.contestant, { peers: bench.peers, ...entrant.settings });
        try {
          // A small one first, by which the server loads what it needs.
          await send(server.port, 50_000);
          const before = await server.settled();
          await server.ask('watchLoop');
          await send(server.port, SIZE);
          const longest = /** @type {{ clock: number, cpu: number }} */ (await server.ask('longestTurn'));
          pause.push(longest.clock);
          turn.push(longest.cpu);
          rest.push(((await server.settled()).retained - before.retained) / SIZE);
          // What was not read as it came is read now: the peak is that of both.
          const ms = /** @type {number | undefined} */ (await server.ask('readLast'));
          if (ms !== undefined) reading.push(ms);
          peak.push(((await server.settled()).peak - before.resident) / SIZE);
        } finally {
          await server.stop();
        }
      }
    }

    /**
     * @param {number} port
     * @param {number} size
     */
    async function send(port, size) {
      await bench.client.run({
        kind: 'conversation',
        port,
        connections: 1,
        opening: [],
        steps: attachment(size),
        rounds: 1,
      });
      await bench.client.end();
    }

    /**
     * @param {'peak' | 'rest' | 'pause' | 'turn' | 'reading'} key
     * @param {string} unit
     * @returns {Measure}
     */
    const measure = (key, unit) => ({
      key,
      unit,
      better: 'less',
      series: all.filter((one) => one[key].length > 0).map((one) => ({ name: one.entrant.name, values: one[key] })),
    });
    return {
      measures: [
        measure('peak', 'peak of resident memory ÷ size'),
        measure('rest', 'retained at rest ÷ size'),
        measure('pause', 'longest pause of the event loop, ms'),
        measure('turn', 'longest turn of the event loop, CPU ms'),
        measure('reading', 'ms to read all of it later, where it was not read as it came'),
      ],
    };
  },
};
