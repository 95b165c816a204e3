// RCPT, RFC 5321 §4.1.1.3.
import { isInternationalized, readForwardPath, type Mailbox } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { checkParameters } from '../extensions.ts';
import { refuse } from '../proposal.ts';
import type { SessionState, Transaction } from '../state.ts';
import type { CommandDefinition } from './definition.ts';
import { readPathArgument, type PathSyntax } from './path-argument.ts';

const SYNTAX: PathSyntax<Mailbox> = {
  prefix: /^TO:\s*/i,
  read: readForwardPath,
  badPrefix: replies.rcptSyntax,
  badPath: replies.recipientSyntax,
};

export const rcpt: CommandDefinition = {
  propose(state, argument) {
    const { path: forwardPath, parameters, fault } = readPathArgument(argument, SYNTAX);
    const { hello, transaction } = state;
    const misplaced = hello === null ? replies.helloFirst : transaction === null ? replies.mailFirst : undefined;
    const refusal =
      misplaced ??
      fault ??
      checkParameters('rcpt', parameters, state) ??
      needsUtf8(forwardPath!, transaction!) ??
      excess(state, transaction!);
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
  return isInternationalized(forwardPath) && !('SMTPUTF8' in parameters) ? replies.utf8Needed : undefined;
}

/** RFC 5321 §4.5.3.1.10: those accepted so far stay accepted. */
function excess({ policy }: SessionState, { recipients }: Transaction): Reply | undefined {
  const { maxRecipients } = policy;
  return maxRecipients !== undefined && recipients.length >= maxRecipients ? replies.tooManyRecipients : undefined;
}
