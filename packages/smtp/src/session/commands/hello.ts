// EHLO and HELO (RFC 5321 §4.1.1.1), LHLO (RFC 2033 §4.1).
import * as replies from '../../wire/replies.ts';
import { reply } from '../../wire/reply.ts';
import type { Extension } from '../extension.ts';
import { refuse, type HelloVerb } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import type { CommandDefinition } from './definition.ts';

export const ehlo: CommandDefinition = hello('EHLO');
export const helo: CommandDefinition = hello('HELO');
export const lhlo: CommandDefinition = hello('LHLO');

function hello(verb: HelloVerb): CommandDefinition {
  return {
    propose(state, argument) {
      if (!ONE_WORD.test(argument) || Buffer.byteLength(argument) > LONGEST) return refuse('ehlo', replies.helloNeeded);
      const capabilities = verb === 'HELO' ? [] : listCapabilities(state);
      // RFC 2034 §4: no enhanced status code here.
      const greeting = reply(250, null, state.policy.helloText(argument), ...capabilities);
      return { step: 'ehlo', refused: false, reply: greeting, verb, name: argument };
    },
  };
}

/** Names that are neither domain nor address literal are in use. What is no UTF-8 is no name. */
const ONE_WORD = /^[^\s\p{Cc}\ufffd]+$/u;

/** Octets of a domain (RFC 5321 §4.5.3.1.2): the name comes back in the reply, whose lines have 512 at most (§4.5.3.1.5). */
const LONGEST = 255;

function listCapabilities(state: SessionState): string[] {
  return state.policy.extensions.flatMap((one) => (isDisabled(one, state) ? [] : (one.offer(state) ?? [])));
}

/** An extension whose commands are all unknown here is of no use. */
function isDisabled({ commands }: Extension, state: SessionState): boolean {
  if (commands === undefined) return false;
  const verbs = Object.keys(commands);
  return verbs.length > 0 && verbs.every(state.isDisabled);
}
