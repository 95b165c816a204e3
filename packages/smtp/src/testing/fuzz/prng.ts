// Numbers that look random and are the same for the same seed, on every machine.

export class Prng {
  #state: number;

  constructor(seed: number) {
    this.#state = mix(seed, 0);
  }

  /** An integer from 0 to 4,294,967,295. */
  next(): number {
    this.#state = (this.#state + GOLDEN) | 0;
    return mix(this.#state, GOLDEN) >>> 0;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

/** 2^32 divided by the golden ratio: its multiples are spread evenly. */
const GOLDEN = 0x9e3779b9;

/** A number in which every bit of both has a part. */
function mix(a: number, b: number): number {
  let mixed = Math.imul(a ^ (a >>> 16), GOLDEN) ^ b;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39);
  return mixed ^ (mixed >>> 16);
}

/** A number for a text. */
export function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), GOLDEN) ^ (hash >>> 11);
  return mix(hash, text.length);
}
