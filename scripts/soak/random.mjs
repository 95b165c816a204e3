// Chance that can be had again: the same seed gives the same choices.
import { createCipheriv, createHash } from 'node:crypto';

export class Random {
  #keystream;

  /** @param {string} seed */
  constructor(seed) {
    const key = createHash('sha256').update(seed).digest();
    this.#keystream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  }

  /** @param {number} count */
  octets(count) {
    return this.#keystream.update(Buffer.alloc(count));
  }

  /**
   * A whole number, both ends included.
   *
   * @param {number} least
   * @param {number} most
   */
  between(least, most) {
    return least + Math.floor(this.#fraction() * (most - least + 1));
  }

  /** @param {number} probability */
  chance(probability) {
    return this.#fraction() < probability;
  }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick(list) {
    return /** @type {T} */ (list[this.between(0, list.length - 1)]);
  }

  /**
   * One of those that have a weight, the heavier the likelier.
   *
   * @template {{ readonly weight: number }} T
   * @param {readonly T[]} list
   * @returns {T}
   */
  weighted(list) {
    let left = this.#fraction() * list.reduce((sum, { weight }) => sum + weight, 0);
    const found = list.find(({ weight }) => (left -= weight) < 0);
    return found ?? this.pick(list);
  }

  #fraction() {
    return this.octets(4).readUInt32LE() / 2 ** 32;
  }
}
