// Transparency (RFC 5321 §4.5.2): a dot at the start of a line is sent twice.

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const DOT_AT_LINE_START = Buffer.from('\r\n.');

/** Undoes dot-stuffing piece by piece. Only CRLF starts a line: a dot after a bare LF stays. */
export class Unstuffer {
  /** Octets of CRLF read last; the body starts at the start of a line. */
  #matched: 0 | 1 | 2 = 2;

  /** The piece without its stuffed dots: itself where it has none. */
  push(piece: Buffer): Buffer {
    const first = this.#firstCandidate(piece);
    if (first === -1) {
      this.#matched = endOf(piece, this.#matched);
      return piece;
    }
    const content = Buffer.allocUnsafe(piece.length);
    piece.copy(content, 0, 0, first);
    let length = first;
    let matched = this.#matched;
    for (let offset = first; offset < piece.length; offset++) {
      const octet = piece[offset]!;
      if (octet === DOT && matched === 2) {
        matched = 0;
        continue;
      }
      matched = octet === CR ? 1 : octet === LF && matched === 1 ? 2 : 0;
      content[length++] = octet;
    }
    this.#matched = matched;
    return content.subarray(0, length);
  }

  /** Where reading octet by octet has to begin; -1 where nothing is stuffed. */
  #firstCandidate(piece: Buffer): number {
    if (this.#matched === 2 && piece[0] === DOT) return 0;
    if (this.#matched === 1 && piece[0] === LF && piece[1] === DOT) return 0;
    return piece.indexOf(DOT_AT_LINE_START);
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
  for (let found = content.indexOf(DOT_AT_LINE_START); found !== -1; found = content.indexOf(DOT_AT_LINE_START, from)) {
    // Up to the dot, which then begins the next piece, and so stands twice.
    pieces.push(content.subarray(from, found + 3));
    from = found + 2;
  }
  pieces.push(content.subarray(from));
  const endsLine = content.length === 0 || content.subarray(-2).equals(Buffer.from('\r\n'));
  pieces.push(Buffer.from(endsLine ? '.\r\n' : '\r\n.\r\n'));
  return Buffer.concat(pieces);
}

function endOf(piece: Buffer, before: 0 | 1 | 2): 0 | 1 | 2 {
  const length = piece.length;
  if (length === 0) return before;
  if (piece[length - 1] === CR) return 1;
  if (piece[length - 1] !== LF) return 0;
  return (length === 1 ? before === 1 : piece[length - 2] === CR) ? 2 : 0;
}
