// CHUNKING, RFC 3030: the body in chunks of known size, each with a reply of its own.
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { CHUNK_LIMIT } from '../bounds.ts';
import { contentTooEarly } from '../commands/data.ts';
import type { CommandDefinition } from '../commands/definition.ts';
import type { Extension } from '../extension.ts';
import { refuse, type Refusal } from '../proposal.ts';
import type { SessionState } from '../state.ts';

// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ]; chunk-size = 1*DIGIT; end-marker = "LAST"
const ARGUMENT = /^(\d{1,15})( +LAST)?$/i;

const bdat: CommandDefinition = {
  propose(state, argument) {
    const match = ARGUMENT.exec(argument);
    // How many octets follow can't be known: whatever comes next could be taken for a command that it is not.
    if (match === null) return { ...refuse('bdat', replies.bdatSyntax), fatal: true };
    const chunk = Number(match[1]);
    // What is refused is read all the same, so that it takes an end.
    if (chunk > (state.policy.maxChunkSize ?? CHUNK_LIMIT))
      return { ...refuse('bdat', replies.chunkTooLarge), fatal: true };
    const last = match[2] !== undefined;
    const size = (state.transaction?.chunked ?? 0) + chunk;
    const misplaced = refusalFor(state);
    // RFC 3030 §2: the chunk follows in any case, and a refusal comes after it.
    if (misplaced !== undefined) return { ...refuse('bdat', misplaced), chunk };
    const tooLarge = oversized(state, size);
    if (tooLarge !== undefined) return chunkRefusal(tooLarge, last, { chunk, size });
    if (last) return { step: 'end-of-data', refused: false, reply: replies.messageAccepted, size, chunk };
    return { step: 'bdat', refused: false, reply: replies.chunkAccepted, chunk };
  },
};

export const chunking: Extension = { keyword: 'CHUNKING', offer: () => 'CHUNKING', commands: { BDAT: bdat } };

function refusalFor(state: SessionState): Reply | undefined {
  // RFC 3030 §2: after a chunk that failed only RSET leads on.
  return contentTooEarly(state) ?? (state.phase === 'reset' ? replies.chunkFailed : undefined);
}

/** RFC 1870 §6.3: known before the octets come, which are thrown away all the same. */
function oversized({ policy }: SessionState, size: number): Reply | undefined {
  const { maxSize, rejectOversized } = policy;
  return rejectOversized && maxSize !== undefined && size > maxSize ? replies.tooLarge : undefined;
}

function chunkRefusal(reply: Reply, last: boolean, understood: { chunk: number; size: number }): Refusal {
  return refuse(last ? 'end-of-data' : 'bdat', reply, understood);
}
