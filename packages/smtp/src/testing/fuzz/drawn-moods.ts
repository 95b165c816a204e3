// When an application asks to wait, and where it fails: drawn, but for a failure that a disturbance brings.
import { OnPurpose } from './on-purpose.ts';
import type { Prng } from './prng.ts';
import type { Disturbance } from './scenario.ts';
import type { FailingCall, Moods } from './stage.ts';

export class DrawnMoods implements Moods {
  readonly #prng: Prng | null;
  readonly #disturbance: Disturbance | null;
  #calls = 0;

  constructor(prng: Prng | null, disturbance: Disturbance | null) {
    this.#prng = prng;
    this.#disturbance = disturbance;
  }

  patience(): ReturnType<Moods['patience']> {
    if (this.#prng === null || !this.#prng.oneIn(3)) return 'glad';
    return this.#prng.oneIn(4) ? 'pauses and resumes' : 'pauses';
  }

  mayFail(call: FailingCall): void {
    if (this.#disturbance?.kind === `${call} throws` && this.#calls++ === this.#disturbance.at)
      throw new OnPurpose(call);
  }
}
