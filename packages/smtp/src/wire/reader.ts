// Received bytes, handed out as lines or as the pieces of a body. It knows no state but where it stands in the input.
import { TerminatorScanner } from './terminator-scanner.ts';

/** Why a line is none. */
export interface LineFault {
  readonly fault: 'too long' | 'bare line ending';
}

const TOO_LONG: LineFault = { fault: 'too long' };
const BARE_LINE_ENDING: LineFault = { fault: 'bare line ending' };
const NOTHING = Buffer.alloc(0);

export class Reader {
  #chunk: Buffer = NOTHING;
  /** The chunk as latin1, made when the first line is wanted: one conversion a chunk costs less than one a line. */
  #text: string | null = null;
  #offset = 0;
  /** The beginning of a line from earlier chunks. */
  #partial = '';
  /** After a bare LF, everything up to the next CRLF belongs to the line that was refused. */
  #skipping = false;
  #skipped = 0;
  #body: TerminatorScanner | null = null;

  /** Takes the next chunk. What an earlier one still held is kept in front of it. */
  feed(chunk: Buffer): void {
    this.#chunk =
      this.#offset < this.#chunk.length ? Buffer.concat([this.#chunk.subarray(this.#offset), chunk]) : chunk;
    this.#text = null;
    this.#offset = 0;
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
    this.#text ??= this.#chunk.toString('latin1');
    for (;;) {
      const lineFeed = this.#text.indexOf('\n', this.#offset);
      if (lineFeed === -1) return this.#keepPartial(limit);
      const piece = this.#text.slice(this.#offset, lineFeed);
      const line = this.#partial === '' ? piece : this.#partial + piece;
      this.#offset = lineFeed + 1;
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
  }

  /**
   * Hands the body's pieces to `take`, dot-stuffed as on the wire and without the line that ends it. Returns `undefined`
   * until the end has come, then the number of octets of the content, stuffing not counted.
   */
  readBody(take: (piece: Buffer) => void): number | undefined {
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
    this.#chunk = NOTHING;
    this.#text = null;
    this.#offset = 0;
    this.#partial = '';
    this.#skipping = false;
    return octets;
  }

  #keepPartial(limit: number): LineFault | undefined {
    const rest = this.#text!.slice(this.#offset);
    this.#offset = this.#chunk.length;
    if (this.#skipping) {
      // Nothing of a refused line is kept but a CR that may be half of its end.
      this.#partial = rest.slice(-1) || this.#partial;
      this.#skipped += rest.length;
      return this.#skipped > limit ? TOO_LONG : undefined;
    }
    this.#partial += rest;
    const length = this.#partial.endsWith('\r') ? this.#partial.length - 1 : this.#partial.length;
    if (length <= limit) return undefined;
    this.#partial = '';
    return TOO_LONG;
  }
}
