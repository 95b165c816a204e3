// Where a body ends: at CRLF . CRLF and at nothing else (RFC 5321 §4.1.1.4, CVE-2023-51764).
import { indexOfDottedLine } from './dotted-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** How much of CRLF . CRLF the octets read last make up. */
type Matched = 0 | 1 | 2 | 3 | 4 | 5;

const LINE_START = 2;
const AFTER_DOT = 3;
const COMPLETE = 5;

/** Octets that may turn out to be the end, and so wait for the next chunk: by their number. */
const WITHHELD = { 1: Buffer.from('.'), 2: Buffer.from('.\r') } as const;

/** Takes a piece of a body; `dotted` says whether a line in it begins with a dot. */
export type TakePiece = (piece: Buffer, dotted: boolean) => void;

export class TerminatorScanner {
  // The CRLF that ended the DATA command counts as the one before the first line.
  #matched: Matched = LINE_START;
  #wireOctets = 0;
  #stuffedDots = 0;

  get ended(): boolean {
    return this.#matched === COMPLETE;
  }

  /** Octets of the content so far, without the dots that transparency added (RFC 5321 §4.5.2). */
  get size(): number {
    return this.#wireOctets - this.#stuffedDots;
  }

  /** Scans from `start`, hands what is content to `take`, and returns the offset of the first octet that it did not use. */
  scan(chunk: Buffer, start: number, take: TakePiece): number {
    const waiting = withheld(this.#matched);
    const dotsBefore = this.#stuffedDots;
    const end = this.#advance(chunk, start);
    const dotted = this.#stuffedDots !== dotsBefore;
    const contentEnd = end - withheld(this.#matched);
    // What waited is content as soon as anything after it is.
    if (waiting > 0 && contentEnd >= start) this.#pass(WITHHELD[waiting as 1 | 2], true, take);
    if (contentEnd > start) this.#pass(chunk.subarray(start, contentEnd), dotted, take);
    return end;
  }

  #pass(piece: Buffer, dotted: boolean, take: TakePiece): void {
    this.#wireOctets += piece.length;
    take(piece, dotted);
  }

  #advance(chunk: Buffer, start: number): number {
    let matched = this.#matched;
    let offset = start;
    while (offset < chunk.length) {
      if (matched === 0) {
        const line = indexOfDottedLine(chunk, offset);
        if (line === -1) {
          matched = trailingMatch(chunk, offset);
          offset = chunk.length;
          break;
        }
        offset = line + AFTER_DOT;
        matched = AFTER_DOT;
      } else {
        matched = step(matched, chunk[offset++]!);
      }
      if (matched === AFTER_DOT) {
        this.#stuffedDots++;
      } else if (matched === COMPLETE) {
        this.#stuffedDots--;
        break;
      }
    }
    this.#matched = matched;
    return offset;
  }
}

function withheld(matched: Matched): number {
  return Math.max(0, matched - LINE_START);
}

function step(matched: Matched, octet: number): Matched {
  if (octet === CR) return matched === AFTER_DOT ? 4 : 1;
  if (octet === LF) return matched === 1 ? LINE_START : matched === 4 ? COMPLETE : 0;
  return octet === DOT && matched === LINE_START ? AFTER_DOT : 0;
}

/** What the end of a chunk without a dot at the start of a line leaves matched. */
function trailingMatch(chunk: Buffer, from: number): Matched {
  const last = chunk.length - 1;
  if (chunk[last] === CR) return 1;
  return chunk[last] === LF && last > from && chunk[last - 1] === CR ? LINE_START : 0;
}
