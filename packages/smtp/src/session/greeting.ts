// The greeting, RFC 5321 §4.3.1.
import { reply, type Reply } from '../wire/reply.ts';
import type { SessionPolicy } from './policy.ts';

// RFC 2034 §4: no enhanced status code here.
export function greeting({ banner, name, protocol }: SessionPolicy): Reply {
  const words = [name, protocol === 'lmtp' ? 'LMTP' : 'ESMTP', ...(banner === undefined ? [] : [banner])];
  return reply(220, null, words.join(' '));
}
