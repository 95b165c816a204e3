// MAIL, RFC 5321 §4.1.1.2.
import { readParameters } from '../../wire/parameters.ts';
import { isInternationalized, readReversePath } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { checkParameters } from '../extensions.ts';
import { refuse } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import type { CommandDefinition } from './definition.ts';

export const mail: CommandDefinition = {
  propose(state, argument) {
    const prefix = /^FROM:\s*/i.exec(argument);
    if (prefix === null) return refuse('mail', misplaced(state) ?? replies.mailSyntax);
    const read = readReversePath(argument.slice(prefix[0].length));
    if (read === undefined) return refuse('mail', misplaced(state) ?? replies.senderSyntax);
    const reversePath = read.path;
    const parameters = readParameters(read.rest);
    if (parameters === 'syntax') return refuse('mail', misplaced(state) ?? replies.parameterSyntax, { reversePath });
    if (parameters === 'repeated')
      return refuse('mail', misplaced(state) ?? replies.parameterRepeated, { reversePath });
    const refusal =
      misplaced(state) ??
      checkParameters('mail', parameters, state) ??
      // RFC 6531 §3.5
      (reversePath !== null && isInternationalized(reversePath) && !('SMTPUTF8' in parameters)
        ? replies.utf8Needed
        : undefined);
    if (refusal !== undefined) return refuse('mail', refusal, { reversePath, parameters });
    return { step: 'mail', refused: false, reply: replies.senderAccepted, reversePath, parameters };
  },
};

function misplaced(state: SessionState): Reply | undefined {
  if (state.hello === null) return replies.helloFirst;
  if (state.transaction !== null) return replies.nestedMail;
  // RFC 3207 §4
  if (state.policy.startTls === 'required' && !state.secure) return replies.startTlsFirst;
  // RFC 4954 §6
  if (state.policy.authRequired && state.username === null) return authenticationRequired(state);
  return undefined;
}

function authenticationRequired({ policy }: SessionState): Reply {
  const text = policy.authRequiredText;
  return text === undefined ? replies.authenticationRequired : { ...replies.authenticationRequired, lines: [text] };
}
