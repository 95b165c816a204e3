// A process that is started, asked, and ended: what is asked is answered, or fails in time.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds for anything that is asked, unless said otherwise. */
const TIME_LIMIT = 120_000;

/** @typedef {{ id: number, value?: unknown, error?: string }} Reply */
/** @typedef {{ resolve: (value: unknown) => void, reject: (error: Error) => void }} Pending */

export class Child {
  #process;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #next = 1;
  #name;

  /**
   * @param {string} name For errors.
   * @param {URL} module
   * @param {readonly string[]} [execArgv]
   */
  constructor(name, module, execArgv = []) {
    this.#name = name;
    // The warnings of others are not what somebody reads here.
    this.#process = fork(module, {
      execArgv: ['--no-warnings', ...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('message', (/** @type {Reply} */ reply) => this.#settle(reply));
    this.#process.on('exit', (code, signal) => this.#fail(`ended with ${signal ?? `code ${code}`}`));
    this.#process.on('error', (error) => this.#fail(String(error)));
  }

  get pid() {
    return this.#process.pid;
  }

  /**
   * Sends the first message, whose reply has the number 0.
   *
   * @param {object} assignment
   */
  begin(assignment) {
    return this.#send(0, assignment, TIME_LIMIT);
  }

  /**
   * @param {string} call
   * @param {unknown} [argument]
   * @param {number} [timeLimit] Milliseconds.
   */
  ask(call, argument, timeLimit = TIME_LIMIT) {
    return this.#send(this.#next++, { call, argument }, timeLimit);
  }

  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    const limit = setTimeout(() => this.#process.kill('SIGKILL'), 2_000);
    await ended;
    clearTimeout(limit);
  }

  /**
   * @param {number} id
   * @param {object} message
   * @param {number} timeLimit
   */
  async #send(id, message, timeLimit) {
    /** @type {Promise<unknown>} */
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    const limit = setTimeout(() => {
      this.#fail(`did not answer ${JSON.stringify(message).slice(0, 200)} in ${timeLimit} ms`);
      this.#process.kill('SIGKILL');
    }, timeLimit);
    // A process that has ended already is told by its 'exit'.
    this.#process.send({ id, ...message }, (error) => error && this.#fail(String(error)));
    try {
      return await answer;
    } finally {
      clearTimeout(limit);
    }
  }

  /** @param {Reply} reply */
  #settle({ id, value, error }) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(`${this.#name}: ${error}`));
  }

  /** @param {string} problem */
  #fail(problem) {
    for (const { reject } of this.#pending.values()) reject(new Error(`${this.#name} ${problem}`));
    this.#pending.clear();
  }
}
