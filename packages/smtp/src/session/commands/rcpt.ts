// RCPT, RFC 5321 §4.1.1.3.
import { isInternationalized, readForwardPath, type Mailbox } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { checkParameters } from '../extension.ts';
import { refuse } from '../proposal.ts';
import type { SessionState, Transaction } from '../state.ts';
import { authenticationRequired } from './authentication-required.ts';
import { chunksBegun } from './chunks-begun.ts';
import type { CommandDefinition } from './definition.ts';
import { readPathArgument, type PathSyntax } from './path-argument.ts';

const SYNTAX: PathSyntax<Mailbox> = {
  prefix: /^TO:[ \t]*/i,
  read: readForwardPath,
  badPrefix: replies.rcptSyntax,
  badPath: replies.recipientSyntax,
};

export const rcpt: CommandDefinition = {
  propose(state, argument) {
    const { path: forwardPath, parameters, fault } = readPathArgument(argument, SYNTAX, state.policy);
    const { transaction } = state;
    const refusal =
      tooEarly(state) ??
      fault ??
      outOfOrder(state) ??
      checkParameters('rcpt', parameters, state) ??
      needsUtf8(forwardPath!, transaction!) ??
      excess(state, forwardPath!);
    if (refusal !== undefined) return refuse('rcpt', refusal, { forwardPath, parameters });
    return {
      step: 'rcpt',
      refused: false,
      reply: replies.recipientAccepted,
      forwardPath: forwardPath!,
      parameters,
    };
  },
};

/** RFC 6531 §3.5 */
function needsUtf8(forwardPath: Mailbox, { parameters }: Transaction): Reply | undefined {
  return isInternationalized(forwardPath) && !('SMTPUTF8' in parameters) ? replies.recipientNeedsUtf8 : undefined;
}

function tooEarly(state: SessionState): Reply | undefined {
  if (state.hello === null) return replies.helloFirst;
  return state.authMissing ? authenticationRequired(state.policy) : undefined;
}

function outOfOrder(state: SessionState): Reply | undefined {
  return state.transaction === null ? replies.mailFirst : chunksBegun(state);
}

/** RFC 5321 §4.5.3.1.10: those accepted so far stay accepted. */
function excess({ policy, transaction }: SessionState, forwardPath: Mailbox): Reply | undefined {
  return transaction!.hasRoomFor(forwardPath, policy) ? undefined : replies.tooManyRecipients;
}
