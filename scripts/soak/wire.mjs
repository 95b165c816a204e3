// A client's end of a connection: it says octets as they are, and reads replies.
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** @typedef {{ readonly code: number, readonly text: string }} Reply */

const WHOLE_REPLY = /^(?:\d{3}-.*\r\n)*(\d{3})(?: .*)?\r\n/;

/** The connection ended before what was awaited came. */
export class ClosedError extends Error {}

/** The server answered otherwise than it had to. */
export class WrongReplyError extends Error {}

export class Wire {
  #clear;
  /** The socket that speaks now: under TLS the one that encrypts. */
  #socket;
  #received = '';
  #ended = false;
  /** @type {() => void} */
  #wake = () => {};

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.#clear = socket;
    this.#socket = socket;
    this.#listen(socket);
  }

  /**
   * Rejects where there is no connection to be had.
   *
   * @param {{ readonly host: string, readonly port: number }} address
   */
  static async connect({ host, port }) {
    const socket = connect({ host, port });
    const wire = new Wire(socket);
    await arrival(socket, 'connect');
    return wire;
  }

  get ended() {
    return this.#ended;
  }

  /**
   * Resolves when the octets are on their way, or never will be.
   *
   * @param {string | Buffer} octets
   * @returns {Promise<void>}
   */
  send(octets) {
    return new Promise((resolve) => {
      this.#socket.write(octets, () => resolve());
    });
  }

  /**
   * The next reply; rejects with a {@link ClosedError} where there is none.
   *
   * @returns {Promise<Reply>}
   */
  async reply() {
    for (;;) {
      const match = WHOLE_REPLY.exec(this.#received);
      if (match !== null) {
        this.#received = this.#received.slice(match[0].length);
        return { code: Number(match[1]), text: match[0].trimEnd() };
      }
      if (this.#ended) throw new ClosedError(`closed, and unread: ${JSON.stringify(this.#received.slice(0, 200))}`);
      await this.#change();
    }
  }

  /**
   * Reads a reply that has to have this code.
   *
   * @param {number} code
   * @param {string} to What it answers.
   */
  async expect(code, to) {
    const reply = await this.reply();
    if (reply.code !== code)
      throw new WrongReplyError(`${code} expected to ${to.slice(0, 80)}, received ${reply.text}`);
    return reply;
  }

  /**
   * Sends a line and reads the reply to it, which has to have this code.
   *
   * @param {string} line
   * @param {number} code
   */
  async ask(line, code) {
    await this.send(`${line}\r\n`);
    return this.expect(code, line);
  }

  /**
   * STARTTLS, with the server's certificate verified; rejects with the error of a handshake that fails.
   *
   * @param {string | undefined} ca
   */
  async startTls(ca) {
    await this.ask('STARTTLS', 220);
    await this.handshake(ca);
  }

  /**
   * The handshake after a STARTTLS that was answered already.
   *
   * @param {string | undefined} ca Without it the server is not trusted.
   */
  async handshake(ca) {
    this.#clear.removeAllListeners('data');
    this.#socket = connectTls({ socket: this.#clear, ...(ca === undefined ? {} : { ca }), servername: 'localhost' });
    this.#listen(this.#socket);
    await arrival(this.#socket, 'secureConnect');
  }

  /** Reads nothing any more: replies pile up at the server. */
  stopReading() {
    this.#socket.pause();
  }

  readOn() {
    this.#socket.resume();
  }

  /** Says nothing more (FIN); replies can still be read. */
  finish() {
    this.#socket.end();
  }

  /** Is gone (RST). */
  reset() {
    this.#clear.resetAndDestroy();
    this.#socket.destroy();
  }

  /**
   * Is gone after so many milliseconds, if it is still there.
   *
   * @param {number} delay
   */
  resetAfter(delay) {
    const timer = setTimeout(() => this.reset(), delay);
    this.#clear.on('close', () => clearTimeout(timer));
  }

  /** Resolves when the connection has ended. */
  async end() {
    while (!this.#ended) {
      this.#received = '';
      await this.#change();
    }
  }

  /** @param {import('node:net').Socket} socket */
  #listen(socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** @returns {Promise<void>} */
  #change() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/**
 * Resolves with the event, rejects with the error or the end that comes instead.
 *
 * @param {import('node:net').Socket} socket
 * @param {'connect' | 'secureConnect'} event
 * @returns {Promise<void>}
 */
function arrival(socket, event) {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new ClosedError(`closed before ${event}`)));
  });
}
