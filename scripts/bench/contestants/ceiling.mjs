// What one Node process can reach: a bare `node:net` server that answers SMTP by rote and checks nothing.
import { createServer } from 'node:net';
import { RoteBody } from './rote-body.mjs';
import { listening } from './listening.mjs';

/** @typedef {import('./contestant.mjs').Contestant} Contestant */

const GREETING = '220 localhost ESMTP\r\n';
const HELLO = '250-localhost\r\n250-PIPELINING\r\n250 8BITMIME\r\n';
const OK = '250 OK\r\n';
const GO_ON = '354 Go on\r\n';
const BYE = '221 Bye\r\n';

/** @returns {Promise<Contestant>} */
export async function start() {
  const server = createServer({ noDelay: true }, (socket) => {
    const visit = new Visit();
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const replies = visit.answer(chunk);
      if (replies !== '') socket.write(replies, 'latin1');
      if (visit.over) socket.end();
    });
    socket.write(GREETING, 'latin1');
  });
  return { port: await listening(server) };
}

class Visit {
  over = false;
  /** @type {RoteBody | null} */
  #body = null;
  #unfinished = '';

  /**
   * @param {Buffer} chunk
   * @returns {string} All replies, for one write.
   */
  answer(chunk) {
    let replies = '';
    let at = 0;
    while (at < chunk.length && !this.over) {
      if (this.#body !== null) {
        at = this.#body.read(chunk, at, () => {});
        if (at === -1) return replies;
        this.#body = null;
        replies += OK;
      } else {
        const end = chunk.indexOf(10, at);
        const line = this.#unfinished + chunk.toString('latin1', at, end === -1 ? chunk.length : end);
        this.#unfinished = end === -1 ? line : '';
        if (end === -1) return replies;
        replies += this.#obey(line);
        at = end + 1;
      }
    }
    return replies;
  }

  /** @param {string} line */
  #obey(line) {
    // DATA, EHLO, HELO, MAIL, NOOP, QUIT, RCPT, RSET: the first letter tells them apart as far as need be.
    switch (line.charCodeAt(0)) {
      case 68:
        this.#body = new RoteBody();
        return GO_ON;
      case 69:
        return HELLO;
      case 81:
        this.over = true;
        return BYE;
      default:
        return OK;
    }
  }
}
