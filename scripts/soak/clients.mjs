// The process of the clients: they have an event loop of their own, so that they can't spare the server's.
import { Crowd } from './crowd.mjs';

/** @typedef {import('./visit.mjs').Server} Server */

/** @typedef {{ readonly server: Server, readonly seed: string, readonly seconds: number, readonly swarms: boolean }} Assignment */

/** @typedef {{ readonly kind: 'outcome', readonly outcome: import('./crowd.mjs').Outcome }} Farewell */

// Everything is done by then. Node 20 may turn for ever when it takes down what was once a TLS socket that was reset.
process.once('beforeExit', () => process.exit());
process.once('message', (message) => void work(/** @type {Assignment} */ (message)));

/** @param {Assignment} assignment */
async function work({ server, seed, seconds, swarms }) {
  const crowd = new Crowd(server, seed, (notice) => void process.send?.(notice));
  /** @type {Farewell} */
  const farewell = { kind: 'outcome', outcome: await crowd.visit(seconds, { swarms }) };
  // Without the channel nothing holds the process: it ends when it has been told all.
  process.send?.(farewell, () => process.disconnect());
}
