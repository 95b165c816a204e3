import { describe, expect, test } from 'vitest';
import { refuse } from '../session/proposal.ts';
import { octetByOctet, splitsOf } from '../testing/split.ts';
import * as replies from '../wire/replies.ts';
import { Reader } from '../wire/reader.ts';
import { Chunk, type ChunkProposal } from './chunk.ts';

function chunkOf(octets: number): Chunk {
  return new Chunk({ ...refuse('bdat', replies.mailFirst), chunk: octets });
}

/** Reads the chunk from these pieces, and what is left behind it. */
function readFrom(chunk: Chunk, pieces: readonly Buffer[]): { content: string; left: number } {
  const reader = new Reader();
  let content = '';
  for (const piece of pieces) {
    reader.feed(piece);
    chunk.read(reader, (octets) => void (content += octets.toString('latin1')));
  }
  return { content, left: reader.pending };
}

describe('a chunk', () => {
  test('is whole when its octets are there, and takes none that come after', () => {
    for (const pieces of splitsOf(Buffer.from('RSET\r\nQUIT\r\n'))) {
      const chunk = chunkOf(6);
      expect(readFrom(chunk, pieces)).toEqual({ content: 'RSET\r\n', left: 6 });
      expect(chunk.isWhole).toBe(true);
    }
  });

  test('is not whole before', () => {
    const chunk = chunkOf(6);
    for (const [index, octet] of octetByOctet(Buffer.from('RSET\r\n')).entries()) {
      expect([index, chunk.isWhole]).toEqual([index, false]);
      readFrom(chunk, [octet]);
    }
    expect(chunk.isWhole).toBe(true);
  });

  test('of no octets is whole from the beginning', () => {
    const chunk = chunkOf(0);
    expect(chunk.isWhole).toBe(true);
    expect(readFrom(chunk, [Buffer.from('NOOP')])).toEqual({ content: '', left: 4 });
  });

  test('keeps what it was announced with', () => {
    const proposal: ChunkProposal = { step: 'bdat', refused: false, reply: replies.chunkAccepted, chunk: 3 };
    expect(new Chunk(proposal).proposal).toBe(proposal);
  });
});
