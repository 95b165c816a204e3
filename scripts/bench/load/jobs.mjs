// What the raw client does in one go: each job makes itself ready, waits, runs, and tells how many units it did.
import { connect as connectTls } from 'node:tls';
import { prepare, Talker } from './talker.mjs';
import { GREETING, HELLO, QUIT } from './mail.mjs';

/** @typedef {import('./mail.mjs').Step} Step */
/** @typedef {{ run: () => Promise<void>, end: () => void }} Ready */

/**
 * @typedef {object} Conversation Connections that are kept and say the same over and over. The clock starts when all have said `opening`.
 * @property {'conversation'} kind
 * @property {number} port
 * @property {number} connections
 * @property {readonly Step[]} opening After the greeting and EHLO.
 * @property {readonly Step[]} steps None to do nothing.
 * @property {number} rounds How often `steps` are said, by all connections together.
 */

/**
 * @typedef {object} Visits Connections that are new each time, the clock running.
 * @property {'visits'} kind
 * @property {number} port
 * @property {number} connections So many in flight.
 * @property {readonly Step[]} steps Between EHLO and QUIT.
 * @property {number} rounds How many connections in all.
 * @property {{ ca: string, resume: boolean }} [tls] STARTTLS, verified; by a ticket, or each time in full.
 */

/** @typedef {Conversation | Visits} Job */

/** So many connect at a time: a server's backlog has room for 511, and whoever finds none waits for seconds. */
const WAVE = 200;

/** By port: the newest ticket of each server. @type {Map<number, Buffer>} */
const tickets = new Map();

/**
 * @param {Job} job
 * @returns {Promise<Ready>}
 */
export function getReady(job) {
  return job.kind === 'visits' ? Promise.resolve(readyToVisit(job)) : readyToConverse(job);
}

/**
 * @param {Conversation} job
 * @returns {Promise<Ready>}
 */
async function readyToConverse({ port, connections, opening, steps, rounds }) {
  const first = prepare([GREETING, HELLO, ...opening]);
  const repeated = prepare(steps);
  let fail = (/** @type {Error} */ _error) => {};
  /** @type {Promise<never>} */
  const failure = new Promise((_, reject) => (fail = reject));
  // Nobody may be waiting when it comes.
  failure.catch(() => {});
  /** @type {Talker[]} */
  const talkers = [];
  while (talkers.length < connections) {
    const wave = Math.min(WAVE, connections - talkers.length);
    const arriving = Array.from({ length: wave }, () => new Talker(port, (error) => fail(error)));
    talkers.push(...arriving);
    await all(arriving, (talker, done) => talker.say(first, done));
  }
  return {
    async run() {
      if (repeated.length === 0) return;
      let left = rounds;
      const take = () => left-- > 0;
      await all(talkers, (talker, done) => (take() ? talker.say(repeated, done, take) : done()));
    },
    end: () => talkers.forEach((talker) => talker.destroy()),
  };

  /**
   * @param {readonly Talker[]} some
   * @param {(talker: Talker, done: () => void) => void} talk
   */
  async function all(some, talk) {
    const talks = some.map((talker) => new Promise((resolve) => talk(talker, () => resolve(null))));
    await Promise.race([Promise.all(talks), failure]);
  }
}

/**
 * @param {Visits} job
 * @returns {Ready}
 */
function readyToVisit({ port, connections, steps, rounds, tls }) {
  const opening = prepare([
    GREETING,
    HELLO,
    ...(tls === undefined ? [...steps, QUIT] : [{ send: 'STARTTLS\r\n', replies: 1 }]),
  ]);
  const secured = prepare([HELLO, ...steps, QUIT]);
  let left = rounds;
  const line = async () => {
    while (left-- > 0) await visit(port, opening, tls && { ...tls, steps: secured });
  };
  return {
    run: async () => void (await Promise.all(Array.from({ length: connections }, line))),
    end: () => {},
  };
}

/**
 * One connection, until the server has closed it.
 *
 * @param {number} port
 * @param {readonly import('./talker.mjs').Prepared[]} opening
 * @param {{ ca: string, resume: boolean, steps: readonly import('./talker.mjs').Prepared[] } | undefined} tls
 * @returns {Promise<void>}
 */
function visit(port, opening, tls) {
  return new Promise((resolve, reject) => {
    const talker = new Talker(port, reject);
    talker.socket.once('close', () => resolve());
    talker.say(opening, () => {
      if (tls === undefined) return;
      const session = tls.resume ? tickets.get(port) : undefined;
      const socket = connectTls({
        socket: talker.socket,
        ca: tls.ca,
        servername: 'localhost',
        ...(session === undefined ? {} : { session }),
      });
      if (tls.resume) socket.on('session', (ticket) => tickets.set(port, ticket));
      socket.once('secureConnect', () => {
        if (session !== undefined && !socket.isSessionReused())
          return reject(new Error('The session was not resumed.'));
        talker.say(tls.steps, () => {});
      });
      talker.continueOn(socket);
    });
  });
}
