// MAIL, RFC 5321 §4.1.1.2.
import type { Parameters } from '../../wire/parameters.ts';
import { isInternationalized, readReversePath, type ReversePath } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { checkParameters } from '../extensions.ts';
import { refuse } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import type { CommandDefinition } from './definition.ts';
import { readPathArgument, type PathSyntax } from './path-argument.ts';

const SYNTAX: PathSyntax<ReversePath> = {
  prefix: /^FROM:\s*/i,
  read: readReversePath,
  badPrefix: replies.mailSyntax,
  badPath: replies.senderSyntax,
};

export const mail: CommandDefinition = {
  propose(state, argument) {
    const { path: reversePath, parameters, fault } = readPathArgument(argument, SYNTAX);
    const refusal =
      misplaced(state) ?? fault ?? checkParameters('mail', parameters, state) ?? needsUtf8(reversePath!, parameters);
    if (refusal !== undefined) return refuse('mail', refusal, { reversePath, parameters });
    return { step: 'mail', refused: false, reply: replies.senderAccepted, reversePath: reversePath!, parameters };
  },
};

/** RFC 6531 §3.5 */
function needsUtf8(reversePath: ReversePath, parameters: Parameters): Reply | undefined {
  const needed = reversePath !== null && isInternationalized(reversePath) && !('SMTPUTF8' in parameters);
  return needed ? replies.utf8Needed : undefined;
}

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
