// Sends the clients' process to a server, and listens to what it tells.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** @typedef {import('./clients.mjs').Assignment} Assignment */
/** @typedef {import('./crowd.mjs').Outcome} Outcome */
/** @typedef {import('./ledger.mjs').Notice} Notice */

/** Milliseconds beyond its time in which the process has to end. */
const GRACE = 60_000;

/**
 * @param {Assignment} assignment
 * @param {(notice: Notice) => void} notice Told of each message.
 * @returns {Promise<Outcome>}
 */
export async function drive(assignment, notice) {
  const clients = fork(new URL('clients.mjs', import.meta.url));
  /** @type {Outcome} */
  let outcome = { clients: {}, failures: ['the clients never came to their end'] };
  clients.on('message', (/** @type {Notice | import('./clients.mjs').Farewell} */ message) => {
    if (message.kind === 'outcome') outcome = message.outcome;
    else notice(message);
  });
  clients.send(assignment);
  const limit = setTimeout(() => clients.kill('SIGKILL'), assignment.seconds * 1_000 + GRACE);
  const [code, signal] = await once(clients, 'exit');
  clearTimeout(limit);
  const died = code === 0 ? [] : [`the clients' process ended with ${signal ?? `code ${code}`}`];
  return { ...outcome, failures: [...outcome.failures, ...died] };
}
