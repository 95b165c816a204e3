// What one client has: its chance, the server that it visits, its connections, and whom it tells what it sent.
import { createHash } from 'node:crypto';
import { drawContent } from './content.mjs';
import { Random } from './random.mjs';
import { Wire } from './wire.mjs';

/** @typedef {import('./ledger.mjs').Notice} Notice */

/**
 * @typedef {object} Server What clients are told of it.
 * @property {string} host
 * @property {number} port
 * @property {string} ca
 * @property {Readonly<Record<string, string>>} users Their passwords.
 */

/**
 * @typedef {object} Message
 * @property {string} from No other message of the soak has it.
 * @property {readonly string[]} to
 * @property {Buffer} content
 */

/** Whoever sends by it does so in vain, or the server was fooled. */
export const SMUGGLER = 'smuggler@evil.example';

export class Visit {
  random;
  server;
  #name;
  #tell;
  #messages = 0;
  /** @type {Set<Wire>} */
  #wires = new Set();
  #wasCut = false;

  /**
   * @param {string} name It and the seed give all choices.
   * @param {string} seed
   * @param {Server} server
   * @param {(notice: Notice) => void} tell
   */
  constructor(name, seed, server, tell) {
    this.random = new Random(`${seed} ${name}`);
    this.server = server;
    this.#name = name;
    this.#tell = tell;
  }

  async connect() {
    const wire = await Wire.connect(this.server);
    this.#wires.add(wire);
    if (this.#wasCut) wire.reset();
    return wire;
  }

  /** Connects, reads the greeting and says EHLO. */
  async greeted() {
    const wire = await this.connect();
    await wire.expect(220, 'the connection');
    await wire.ask('EHLO client.example', 250);
    return wire;
  }

  /** The same under TLS. */
  async secured() {
    const wire = await this.greeted();
    await wire.startTls(this.server.ca);
    await wire.ask('EHLO client.example', 250);
    return wire;
  }

  /** In clear text or under TLS. */
  either() {
    return this.random.chance(0.3) ? this.secured() : this.greeted();
  }

  /**
   * A message that nobody has sent yet.
   *
   * @param {{ readonly recipients?: number, readonly content?: Buffer, readonly clean?: boolean, readonly most?: number }} [wish]
   * @returns {Message}
   */
  draw({ recipients = this.random.between(1, 5), content, ...wish } = {}) {
    return {
      from: `m${++this.#messages}.${this.#name}@sender.example`,
      to: Array.from({ length: recipients }, (_, index) => `r${index}@recipient.example`),
      content: content ?? drawContent(this.random, wish),
    };
  }

  /**
   * All of the message is being sent: from now on it may arrive.
   *
   * @param {Message} message
   */
  sends({ from, to, content }) {
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.#tell({ kind: 'sent', message: { from, to, length: content.length, sha256 } });
  }

  /**
   * @param {Message} message
   * @param {number} code That of the reply to its end.
   */
  wasAnswered({ from }, code) {
    this.#tell({ kind: code === 250 ? 'accepted' : 'refused', from });
  }

  /** Ends every connection at once. */
  cut() {
    this.#wasCut = true;
    for (const wire of this.#wires) wire.reset();
  }
}
