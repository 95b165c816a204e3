// What a client sends: lines, and the content of a message, which goes on to the application as it comes.
import { Reader, type LineFault } from '../wire/reader.ts';
import { Chunk, type ChunkProposal } from './chunk.ts';
import { Content } from './content.ts';
import type { SessionHandler, Transfer } from './handler.ts';

/** RFC 8446 §5.1: how a ClientHello's record begins, and no command does. */
const TLS_HANDSHAKE = 0x16;

/** Whose intake it is. */
export interface IntakeOwner {
  /** The application wants more of the content. */
  drained(): void;
}

export class Intake {
  readonly #handler: SessionHandler;
  readonly #owner: IntakeOwner;
  readonly #reader = new Reader();
  #content: Content | null = null;
  #chunk: Chunk | null = null;

  constructor(handler: SessionHandler, owner: IntakeOwner) {
    this.#handler = handler;
    this.#owner = owner;
  }

  /** The message that is coming in; `null` where none is, or nobody wants it. */
  get content(): Content | null {
    return this.#content;
  }

  /** Whether the application has enough of it for now. */
  get paused(): boolean {
    return this.#content?.paused === true;
  }

  /** Whether the next octets are those of a chunk. */
  get inChunk(): boolean {
    return this.#chunk !== null;
  }

  /** Octets that were fed and not read. */
  get pending(): number {
    return this.#reader.pending;
  }

  feed(octets: Buffer): void {
    this.#reader.feed(octets);
  }

  /** Throws away what was fed and not read, and returns how many octets that were. */
  discard(): number {
    return this.#reader.discard();
  }

  /** Whether what comes next is no line, but a TLS handshake. */
  get beginsTls(): boolean {
    return this.#reader.next === TLS_HANDSHAKE;
  }

  readLine(limit: number): string | LineFault | undefined {
    return this.#reader.readLine(limit);
  }

  /** From now on the application has the content. */
  beginContent(transfer: Transfer): void {
    this.#content = new Content(this.#handler, transfer, () => this.#owner.drained());
  }

  /** Octets of the whole body; `undefined` until it is there. */
  readBody(): number | undefined {
    return this.#reader.readBody((piece, dotted) => this.#content?.write(piece, dotted));
  }

  /** BDAT has announced a chunk (RFC 3030 §2). */
  beginChunk(proposal: ChunkProposal): void {
    this.#chunk = new Chunk(proposal);
    if (!proposal.refused && this.#content === null) this.beginContent('BDAT');
  }

  /** What the chunk was announced with; `undefined` until it is whole. */
  readChunk(): ChunkProposal | undefined {
    const chunk = this.#chunk!;
    // The octets of a refused one are thrown away.
    chunk.read(this.#reader, (piece) => (chunk.proposal.refused ? undefined : this.#content?.write(piece)));
    if (!chunk.isWhole) return undefined;
    this.#chunk = null;
    return chunk.proposal;
  }

  /** The content is whole, and has been answered. */
  endContent(): void {
    this.#content = null;
  }

  /** The transaction has ended without its content, or a chunk of it was refused (RFC 3030 §2). */
  abortContent(): void {
    this.#content?.abort();
    this.#content = null;
  }
}
