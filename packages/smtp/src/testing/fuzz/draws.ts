// What is drawn in one play: each draw depends on what it is about, and on how many came before.
import { hashOf, Prng } from './prng.ts';

export class Draws {
  readonly #seed: number;
  #drawn = 0;

  /** @param seed 0: nobody has anything to say. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  get isPlain(): boolean {
    return this.#seed === 0;
  }

  /** Whether a script answers. */
  get isScripted(): boolean {
    return this.#seed % 3 !== 0;
  }

  /** Whether replies and bodies meet with mishaps. */
  get isTroubled(): boolean {
    return this.#seed % 3 === 2;
  }

  about(subject: string): Prng {
    return new Prng(hashOf(subject, this.#seed + this.#drawn++));
  }
}
