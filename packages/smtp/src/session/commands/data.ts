// DATA, RFC 5321 §4.1.1.4.
import { upperCase } from '../../wire/command.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import { accept, refuse } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import { authenticationRequired } from './authentication-required.ts';
import { chunksBegun } from './chunks-begun.ts';
import { refuseArgument, type CommandDefinition } from './definition.ts';

export const data: CommandDefinition = {
  propose(state, argument) {
    const refusal = contentTooEarly(state) ?? chunksBegun(state) ?? binaryBody(state);
    if (refusal !== undefined) return refuse('data', refusal);
    return refuseArgument('data', argument) ?? accept('data', replies.startMailInput);
  },
};

/** Why the content can't be sent yet, with DATA or with BDAT. */
export function contentTooEarly(state: SessionState): Reply | undefined {
  if (state.hello === null) return replies.helloFirst;
  if (state.authMissing) return authenticationRequired(state.policy);
  if (state.transaction === null) return replies.mailFirst;
  // RFC 5321 §3.3, and RFC 2033 §4.2 for LMTP: no accepted recipient, no data.
  return state.transaction.recipients.length === 0 ? replies.recipientFirst : undefined;
}

/** RFC 3030 §3: a body without lines has no line that could end it. */
function binaryBody({ transaction }: SessionState): Reply | undefined {
  const body = transaction!.parameters['BODY'];
  return typeof body === 'string' && upperCase(body) === 'BINARYMIME' ? replies.binaryNeedsChunks : undefined;
}
