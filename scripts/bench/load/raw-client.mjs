// The raw client as the bench has it: one lean Node process that sends octets made before. It costs about as much as the servers
// do, so that throughput against the fastest of them is its own as much as theirs: their processor time tells more.
import { Child } from '../child.mjs';

/** @typedef {import('./jobs.mjs').Job} Job */
/** @typedef {import('./client-child.mjs').Run} Run */

export class RawClient {
  #child = new Child('the raw client', new URL('client-child.mjs', import.meta.url));
  #begun = this.#child.begin({});

  /**
   * Runs a job.
   *
   * @param {Job} job
   * @param {() => unknown} [ready] Called, and awaited, when all is ready and before the clock starts.
   */
  async run(job, ready = () => {}) {
    await this.#begun;
    await this.#child.ask('ready', job);
    await ready();
    const run = /** @type {Run} */ (await this.#child.ask('run'));
    return run;
  }

  /** Lets go of the connections of the last job. */
  end() {
    return this.#child.ask('end');
  }

  stop() {
    return this.#child.stop();
  }
}
