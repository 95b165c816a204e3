// Counts the replies that a server sends, and stops at the first that refuses.

const LF = 10;
const HYPHEN = 45;
/** `4` and `5`, with which a refusal begins. */
const REFUSALS = new Set([0x34, 0x35]);

export class Replies {
  #column = 0;
  #continued = false;
  /** How many have come since somebody set it. */
  count = 0;

  /**
   * @param {Buffer} chunk
   * @throws Error that has the chunk, where a reply refuses.
   */
  read(chunk) {
    for (let at = 0; at < chunk.length; at++) {
      const octet = /** @type {number} */ (chunk[at]);
      if (octet === LF) {
        if (!this.#continued) this.count++;
        this.#column = 0;
        this.#continued = false;
        continue;
      }
      if (this.#column === 0 && REFUSALS.has(octet)) throw new Error(`Refused: ${chunk.toString('latin1', at)}`);
      // RFC 5321 §4.2.1: a line that is not the last has a hyphen after its code.
      if (this.#column === 3) this.#continued = octet === HYPHEN;
      this.#column++;
    }
  }
}
