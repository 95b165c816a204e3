// 530 to whoever has to authenticate first, RFC 4954 §6.
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import type { SessionPolicy } from '../policy.ts';

export function authenticationRequired({ authRequiredText }: SessionPolicy): Reply {
  const reply = replies.authenticationRequired;
  return authRequiredText === undefined ? reply : { ...reply, lines: [authRequiredText] };
}
