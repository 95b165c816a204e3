// Received bytes, handed out as lines or as the pieces of a body. It knows no state but where it stands in the input.
import { TerminatorScanner, type TakePiece } from './terminator-scanner.ts';

/** Why a line is none. */
export interface LineFault {
  readonly fault: 'too long' | 'bare line ending';
}

const TOO_LONG: LineFault = { fault: 'too long' };
const BARE_LINE_ENDING: LineFault = { fault: 'bare line ending' };
const NOTHING = Buffer.alloc(0);
/**
 * Octets that are made text at a time: one conversion for many lines costs less than one for each. But whoever keeps a line keeps
 * the text that it was cut from, and that should not be a body.
 */
const WINDOW = 256;
/** A text that was put together costs 32 octets a piece until it is copied: what comes octet by octet is copied now and then. */
const PIECES_TO_JOIN = 256;

export class Reader {
  #chunk: Buffer = NOTHING;
  #offset = 0;
  /** A window of the chunk as latin1, from this offset on. */
  #text = '';
  #textStart = 0;
  /** The beginning of a line from earlier chunks and windows. */
  #partial = '';
  #pieces = 0;
  /** After a bare LF, everything up to the next CRLF belongs to the line that was refused. */
  #skipping = false;
  #skipped = 0;
  #body: TerminatorScanner | null = null;

  /** Takes the next chunk. What an earlier one still held is kept in front of it. */
  feed(chunk: Buffer): void {
    this.#take(this.#offset < this.#chunk.length ? Buffer.concat([this.#chunk.subarray(this.#offset), chunk]) : chunk);
  }

  /** The octets fed and not yet read. */
  get pending(): number {
    return this.#chunk.length - this.#offset + this.#partial.length;
  }

  /** The first octet of the next line; `undefined` where it has not come yet, or the line is begun. */
  get next(): number | undefined {
    return this.#partial === '' && !this.#skipping ? this.#chunk[this.#offset] : undefined;
  }

  /**
   * The next line as latin1, without its CRLF; `undefined` until there is a whole one. RFC 5321 §2.3.8: CRLF ends a line and
   * nothing else does.
   */
  readLine(limit: number): string | LineFault | undefined {
    while (this.#offset < this.#chunk.length) {
      const text = this.#window();
      const start = this.#offset - this.#textStart;
      const lineFeed = text.indexOf('\n', start);
      if (lineFeed === -1) {
        this.#offset = this.#textStart + text.length;
        if (this.#keepPartial(text.slice(start), limit)) return TOO_LONG;
        continue;
      }
      const piece = text.slice(start, lineFeed);
      const line = this.#partial === '' ? piece : this.#partial + piece;
      this.#offset = this.#textStart + lineFeed + 1;
      this.#partial = '';
      const wholeLine = line.endsWith('\r');
      if (this.#skipping) {
        this.#skipping = !wholeLine;
        this.#skipped += wholeLine ? piece.length : piece.length + 1;
        if (this.#skipped > limit) return TOO_LONG;
        continue;
      }
      if (!wholeLine) {
        // Refused at once: a client that ends its lines with LF alone learns why.
        this.#skipping = true;
        this.#skipped = 0;
        return line.length > limit ? TOO_LONG : BARE_LINE_ENDING;
      }
      if (line.length - 1 > limit) return TOO_LONG;
      return line.indexOf('\r') === line.length - 1 ? line.slice(0, -1) : BARE_LINE_ENDING;
    }
    // An idle session holds nothing of what it has read.
    this.#take(NOTHING);
    return undefined;
  }

  /**
   * Hands the body's pieces to `take`, dot-stuffed as on the wire and without the line that ends it. Returns `undefined`
   * until the end has come, then the number of octets of the content, stuffing not counted.
   */
  readBody(take: TakePiece): number | undefined {
    this.#body ??= new TerminatorScanner();
    this.#offset = this.#body.scan(this.#chunk, this.#offset, take);
    if (!this.#body.ended) return undefined;
    const size = this.#body.size;
    this.#body = null;
    return size;
  }

  /** Hands up to so many octets to `take`, as they are, and returns how many that were (RFC 3030 §2). */
  readChunk(octets: number, take: (piece: Buffer) => void): number {
    const piece = this.#chunk.subarray(this.#offset, this.#offset + octets);
    this.#offset += piece.length;
    if (piece.length > 0) take(piece);
    return piece.length;
  }

  /** Throws away what is pending and returns how many octets that were (RFC 3207 §4.2, CVE-2011-0411). */
  discard(): number {
    const octets = this.pending;
    this.#take(NOTHING);
    this.#partial = '';
    this.#skipping = false;
    return octets;
  }

  #take(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#offset = 0;
    this.#text = '';
    this.#textStart = 0;
  }

  /** The text of which something is still to be read. */
  #window(): string {
    if (this.#offset >= this.#textStart + this.#text.length) {
      this.#textStart = this.#offset;
      this.#text = this.#chunk.toString('latin1', this.#offset, this.#offset + WINDOW);
    }
    return this.#text;
  }

  /** Keeps the beginning of a line; whether it is too long already. */
  #keepPartial(rest: string, limit: number): boolean {
    if (this.#skipping) {
      // Nothing of a refused line is kept but a CR that may be half of its end.
      this.#partial = rest.slice(-1);
      this.#skipped += rest.length;
      return this.#skipped > limit;
    }
    this.#partial += rest;
    if (++this.#pieces % PIECES_TO_JOIN === 0) this.#partial = joined(this.#partial);
    const length = rest.endsWith('\r') ? this.#partial.length - 1 : this.#partial.length;
    if (length <= limit) return false;
    this.#partial = '';
    return true;
  }
}

/** The same text in one piece. */
function joined(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
