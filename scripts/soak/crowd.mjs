// All clients of a soak: who comes when, how many at a time, and how each fared.
import { setTimeout as delay } from 'node:timers/promises';
import { BAD } from './clients/bad.mjs';
import { GOOD } from './clients/good.mjs';
import { HOSTILE } from './clients/hostile.mjs';
import { SWARMS } from './clients/swarms.mjs';
import { Random } from './random.mjs';
import { Visit } from './visit.mjs';
import { ClosedError } from './wire.mjs';

/** @typedef {import('./visit.mjs').Server} Server */
/** @typedef {import('./ledger.mjs').Notice} Notice */

/**
 * @typedef {object} Role What a client does.
 * @property {(visit: Visit) => Promise<void>} run
 * @property {boolean} mayBeCut Whether the server may end the connection before the client is done.
 */

/** @typedef {{ readonly weight: number, readonly run: Role['run'], readonly mayBeCut?: boolean }} Client */

/**
 * @typedef {object} Outcome
 * @property {Record<string, number>} clients How many there were, by role.
 * @property {readonly string[]} failures Those who were not served as they had to be.
 */

/** Clients at a time, swarms left out. */
const CROWD = 150;
/** In a second, at most: a session costs memory for as long as it is recorded. */
const CLIENTS_PER_SECOND = 60;
const CLIENTS_IN_ALL = 20_000;
/** Octets of content that are sent whole, however long the soak. */
const CONTENT_IN_ALL = 100_000_000;
/** Milliseconds between two looks at who may come. */
const TICK = 10;
/** Milliseconds for those to end who are there when the time is up. */
const PATIENCE = 30_000;

/** @type {readonly { readonly weight: number, readonly clients: readonly Client[], readonly mayBeCut: boolean }[]} */
const KINDS = [
  { weight: 55, clients: GOOD, mayBeCut: false },
  { weight: 25, clients: BAD, mayBeCut: false },
  { weight: 20, clients: HOSTILE, mayBeCut: true },
];

export class Crowd {
  #server;
  #seed;
  #tell;
  /** @type {Map<Visit, Promise<void>>} */
  #present = new Map();
  /** @type {Record<string, number>} */
  #clients = {};
  /** @type {string[]} */
  #failures = [];
  #octets = 0;

  /**
   * @param {Server} server
   * @param {string} seed
   * @param {(notice: Notice) => void} tell
   */
  constructor(server, seed, tell) {
    this.#server = server;
    this.#seed = seed;
    this.#tell = (/** @type {Notice} */ notice) => {
      if (notice.kind === 'sent') this.#octets += notice.message.length;
      tell(notice);
    };
  }

  /**
   * Clients come for so many seconds; resolves when all of them are gone.
   *
   * @param {number} seconds
   * @param {{ readonly swarms: boolean }} options
   * @returns {Promise<Outcome>}
   */
  async visit(seconds, { swarms }) {
    if (swarms) this.#expectSwarms(seconds);
    const perSecond = Math.min(CLIENTS_PER_SECOND, CLIENTS_IN_ALL / seconds);
    const began = performance.now();
    let clients = 0;
    for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - began) / 1_000) {
      // A second's worth more than is due, to begin with.
      const budget = (CONTENT_IN_ALL * (elapsed + 1)) / seconds;
      while (this.#present.size < CROWD && clients < perSecond * elapsed && this.#octets <= budget) {
        this.#admit(++clients);
      }
      await delay(TICK);
    }
    await this.#leave();
    return { clients: this.#clients, failures: this.#failures };
  }

  /** @param {number} seconds */
  #expectSwarms(seconds) {
    for (const [index, { at, run }] of SWARMS.entries()) {
      setTimeout(() => this.#begin(`s${index}`, { run, mayBeCut: false }), at * seconds * 1_000);
    }
  }

  /** @param {number} number */
  #admit(number) {
    const random = new Random(`${this.#seed} role of ${number}`);
    const { clients, mayBeCut } = random.weighted(KINDS);
    const client = random.weighted(clients);
    this.#begin(`c${number}`, { mayBeCut, ...client });
  }

  /**
   * @param {string} name
   * @param {Role} role
   */
  #begin(name, role) {
    this.#clients[role.run.name] = (this.#clients[role.run.name] ?? 0) + 1;
    const visit = new Visit(name, this.#seed, this.#server, this.#tell);
    const ended = role
      .run(visit)
      .catch((error) => this.#judge(name, role, error))
      .finally(() => {
        visit.cut();
        this.#present.delete(visit);
      });
    this.#present.set(visit, ended);
  }

  /**
   * @param {string} name
   * @param {Role} role
   * @param {unknown} error
   */
  #judge(name, role, error) {
    if (role.mayBeCut && isEndOfConnection(error)) return;
    this.#failures.push(`${name} ${role.run.name}: ${error instanceof Error ? error.message : String(error)}`);
  }

  async #leave() {
    const everybody = Promise.all(this.#present.values());
    await Promise.race([everybody, delay(PATIENCE, undefined, { ref: false })]);
    for (const visit of this.#present.keys()) visit.cut();
    await everybody;
  }
}

/** @param {unknown} error */
function isEndOfConnection(error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof ClosedError || code === 'ECONNRESET' || code === 'EPIPE';
}
