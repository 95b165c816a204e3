// Transparency (RFC 5321 §4.5.2): a dot at the start of a line is sent twice.
import { indexOfDottedLine } from './dotted-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
/** Up to so many octets a loop copies faster than a native call: where every line is `..`, 560 MB/s instead of 250. */
const SHORT = 16;

/** Undoes dot-stuffing piece by piece. Only CRLF starts a line: a dot after a bare LF stays. */
export class Unstuffer {
  /** Octets of CRLF read last; the body starts at the start of a line. */
  #matched: 0 | 1 | 2 = 2;

  /**
   * The piece without its stuffed dots: itself where it has none. Who knows already that no line in it begins with a dot says so by
   * `dotted`: to look for such lines is most of what a body costs.
   */
  push(piece: Buffer, dotted = true): Buffer {
    const dot = dotted ? this.#firstStuffedDot(piece) : -1;
    this.#matched = endOf(piece, this.#matched);
    return dot === -1 ? piece : withoutStuffedDots(piece, dot);
  }

  /** -1 where nothing is stuffed. */
  #firstStuffedDot(piece: Buffer): number {
    if (this.#matched === 2 && piece[0] === DOT) return 0;
    if (this.#matched === 1 && piece[0] === LF && piece[1] === DOT) return 1;
    return nextStuffedDot(piece, 0);
  }
}

/** Undoes the dot-stuffing of a whole body. */
export function unstuff(pieces: readonly Buffer[]): Buffer {
  const unstuffer = new Unstuffer();
  return Buffer.concat(pieces.map((piece) => unstuffer.push(piece)));
}

/** Dot-stuffs a whole body and ends it with the terminating line: what follows the 354 reply. */
export function stuff(content: Buffer): Buffer {
  const pieces: Buffer[] = [];
  if (content[0] === DOT) pieces.push(Buffer.from('.'));
  let from = 0;
  for (let dot = nextStuffedDot(content, 0); dot !== -1; dot = nextStuffedDot(content, dot + 1)) {
    // Up to the dot, which then begins the next piece, and so stands twice.
    pieces.push(content.subarray(from, dot + 1));
    from = dot;
  }
  pieces.push(content.subarray(from));
  const endsLine = content.length === 0 || content.subarray(-2).equals(Buffer.from('\r\n'));
  pieces.push(Buffer.from(endsLine ? '.\r\n' : '\r\n.\r\n'));
  return Buffer.concat(pieces);
}

function withoutStuffedDots(piece: Buffer, first: number): Buffer {
  const content = Buffer.from(piece);
  let length = first;
  let offset = first + 1;
  while (offset < piece.length) {
    const dot = nextStuffedDot(piece, offset);
    const end = dot === -1 ? piece.length : dot;
    if (end - offset > SHORT) {
      content.copyWithin(length, offset, end);
      length += end - offset;
    } else {
      for (; offset < end; offset++) content[length++] = piece[offset]!;
    }
    offset = end + 1;
  }
  return content.subarray(0, length);
}

/** Offset of the first dot that follows a CRLF at or after `from`; -1 where there is none. */
function nextStuffedDot(piece: Buffer, from: number): number {
  const line = indexOfDottedLine(piece, from);
  return line === -1 ? -1 : line + 2;
}

function endOf(piece: Buffer, before: 0 | 1 | 2): 0 | 1 | 2 {
  const length = piece.length;
  if (length === 0) return before;
  if (piece[length - 1] === CR) return 1;
  if (piece[length - 1] !== LF) return 0;
  return (length === 1 ? before === 1 : piece[length - 2] === CR) ? 2 : 0;
}
