// One client connection that sends octets made before, and counts the replies.
import { connect } from 'node:net';
import { Replies } from './replies.mjs';

/** @typedef {import('./mail.mjs').Step} Step */
/** @typedef {import('node:net').Socket} Socket */

/**
 * @typedef {object} Prepared A step, its octets made.
 * @property {Buffer} data
 * @property {number} replies
 * @property {number} repeat
 */

/**
 * @typedef {object} Task
 * @property {readonly Prepared[]} steps
 * @property {number} at The step that is under way.
 * @property {() => boolean} again
 * @property {() => void} done
 */

/**
 * @param {readonly Step[]} steps
 * @returns {readonly Prepared[]}
 */
export function prepare(steps) {
  return steps.map(({ send, replies, repeat = 1 }) => ({ data: Buffer.from(send, 'latin1'), replies, repeat }));
}

export class Talker {
  #socket;
  #failed;
  #replies = new Replies();
  /** How often the step's octets were given to the socket. */
  #sent = 0;
  /** @type {Task | null} */
  #task = null;

  /**
   * @param {number} port
   * @param {(error: Error) => void} failed Told of what is wrong with the connection, and of a reply that refuses.
   */
  constructor(port, failed) {
    this.#failed = failed;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#listen();
  }

  get socket() {
    return this.#socket;
  }

  /**
   * Goes on over TLS.
   *
   * @param {Socket} socket
   */
  continueOn(socket) {
    this.#socket = socket;
    this.#listen();
  }

  /**
   * Says these steps, each when the replies to the one before have come, and again as long as somebody wants them again.
   *
   * @param {readonly Prepared[]} steps At least one.
   * @param {() => void} done
   * @param {() => boolean} [again] Asked after the last of them.
   */
  say(steps, done, again = () => false) {
    this.#task = { steps, at: 0, again, done };
    this.#proceed();
  }

  destroy() {
    this.#socket.destroy();
  }

  #listen() {
    this.#socket.on('error', this.#failed);
    this.#socket.on('drain', () => this.#proceed());
    this.#socket.on('data', (chunk) => {
      try {
        this.#replies.read(chunk);
      } catch (error) {
        this.#failed(/** @type {Error} */ (error));
        return;
      }
      this.#proceed();
    });
  }

  #proceed() {
    while (this.#task !== null) {
      const task = this.#task;
      const step = task.steps[task.at];
      if (step === undefined || !this.#isSent(step) || this.#replies.count < step.replies) return;
      this.#replies.count -= step.replies;
      this.#sent = 0;
      task.at++;
      if (task.at < task.steps.length) continue;
      task.at = 0;
      if (task.again()) continue;
      this.#task = null;
      task.done();
    }
  }

  /**
   * Sends what the socket takes of it.
   *
   * @param {Prepared} step
   */
  #isSent({ data, repeat }) {
    while (this.#sent < repeat) {
      if (this.#socket.writableNeedDrain) return false;
      this.#sent++;
      if (data.length > 0) this.#socket.write(data);
    }
    return true;
  }
}
