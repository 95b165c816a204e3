// MAIL, RFC 5321 §4.1.1.2.
import type { Parameters } from '../../wire/parameters.ts';
import { isInternationalized, readReversePath, type ReversePath } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { checkParameters } from '../extension.ts';
import { refuse } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import { authenticationRequired } from './authentication-required.ts';
import type { CommandDefinition } from './definition.ts';
import { readPathArgument, type PathSyntax } from './path-argument.ts';

const SYNTAX: PathSyntax<ReversePath> = {
  prefix: /^FROM:[ \t]*/i,
  read: readReversePath,
  badPrefix: replies.mailSyntax,
  badPath: replies.senderSyntax,
};

export const mail: CommandDefinition = {
  propose(state, argument) {
    const { path: reversePath, parameters, fault } = readPathArgument(argument, SYNTAX, state.policy);
    const refusal =
      tooEarly(state) ??
      fault ??
      outOfOrder(state) ??
      checkParameters('mail', parameters, state) ??
      needsUtf8(reversePath!, parameters);
    if (refusal !== undefined) return refuse('mail', refusal, { reversePath, parameters });
    return { step: 'mail', refused: false, reply: replies.senderAccepted, reversePath: reversePath!, parameters };
  },
};

/** RFC 6531 §3.5 */
function needsUtf8(reversePath: ReversePath, parameters: Parameters): Reply | undefined {
  const needed = reversePath !== null && isInternationalized(reversePath) && !('SMTPUTF8' in parameters);
  return needed ? replies.senderNeedsUtf8 : undefined;
}

function tooEarly(state: SessionState): Reply | undefined {
  if (state.hello === null) return replies.helloFirst;
  // RFC 3207 §4
  if (state.policy.startTls === 'required' && !state.secure) return replies.startTlsFirst;
  return state.authMissing ? authenticationRequired(state.policy) : undefined;
}

function outOfOrder(state: SessionState): Reply | undefined {
  if (state.transaction !== null) return replies.nestedMail;
  const { maxTransactions } = state.policy;
  // RFC 9422 §4.1
  return maxTransactions !== undefined && state.mailCommands >= maxTransactions
    ? replies.tooManyTransactions
    : undefined;
}
