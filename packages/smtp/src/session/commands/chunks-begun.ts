// What has no place once the content has begun to come in chunks, RFC 3030 §2.
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import type { SessionState } from '../state.ts';

export function chunksBegun({ phase }: SessionState): Reply | undefined {
  if (phase === 'chunks') return replies.onlyChunks;
  return phase === 'reset' ? replies.chunkFailed : undefined;
}
