// The octets of one BDAT command (RFC 3030 §2): they follow it in any case, and its reply comes after them.
import type { BdatProposal, EndOfDataProposal, Proposal, Refusal } from '../session/proposal.ts';
import type { Reader } from '../wire/reader.ts';

/** A proposal with octets still to come. */
export type ChunkProposal = (BdatProposal | EndOfDataProposal | Refusal) & { readonly chunk: number };

export class Chunk {
  readonly proposal: ChunkProposal;
  #remaining: number;

  constructor(proposal: ChunkProposal) {
    this.proposal = proposal;
    this.#remaining = proposal.chunk;
  }

  get isWhole(): boolean {
    return this.#remaining === 0;
  }

  read(reader: Reader, take: (piece: Buffer) => void): void {
    this.#remaining -= reader.readChunk(this.#remaining, take);
  }
}

export function hasChunk(proposal: Proposal): proposal is ChunkProposal {
  return 'chunk' in proposal && proposal.chunk !== undefined;
}
