// RCPT, RFC 5321 §4.1.1.3.
import { readParameters } from '../../wire/parameters.ts';
import { isInternationalized, readForwardPath } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { checkParameters } from '../extensions.ts';
import { refuse } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import type { CommandDefinition } from './definition.ts';

export const rcpt: CommandDefinition = {
  propose(state, argument) {
    const prefix = /^TO:\s*/i.exec(argument);
    if (prefix === null) return refuse('rcpt', misplaced(state) ?? replies.rcptSyntax);
    const read = readForwardPath(argument.slice(prefix[0].length));
    if (read === undefined) return refuse('rcpt', misplaced(state) ?? replies.recipientSyntax);
    const forwardPath = read.path;
    const parameters = readParameters(read.rest);
    if (parameters === 'syntax') return refuse('rcpt', misplaced(state) ?? replies.parameterSyntax, { forwardPath });
    if (parameters === 'repeated')
      return refuse('rcpt', misplaced(state) ?? replies.parameterRepeated, { forwardPath });
    const refusal =
      misplaced(state) ??
      checkParameters('rcpt', parameters, state) ??
      // RFC 6531 §3.5
      (isInternationalized(forwardPath) && !('SMTPUTF8' in state.transaction!.parameters)
        ? replies.utf8Needed
        : undefined) ??
      excess(state);
    if (refusal !== undefined) return refuse('rcpt', refusal, { forwardPath, parameters });
    return { step: 'rcpt', refused: false, reply: replies.recipientAccepted, forwardPath, parameters };
  },
};

function misplaced(state: SessionState): Reply | undefined {
  if (state.hello === null) return replies.helloFirst;
  return state.transaction === null ? replies.mailFirst : undefined;
}

/** RFC 5321 §4.5.3.1.10: those accepted so far stay accepted. */
function excess({ policy, transaction }: SessionState): Reply | undefined {
  return policy.maxRecipients !== undefined && transaction!.recipients.length >= policy.maxRecipients
    ? replies.tooManyRecipients
    : undefined;
}
