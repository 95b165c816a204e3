// DATA, RFC 5321 §4.1.1.4.
import * as replies from '../../wire/replies.ts';
import { accept, refuse } from '../proposal.ts';
import { refuseArgument, type CommandDefinition } from './definition.ts';

export const data: CommandDefinition = {
  propose(state, argument) {
    if (state.hello === null) return refuse('data', replies.helloFirst);
    if (state.transaction === null) return refuse('data', replies.mailFirst);
    // RFC 5321 §3.3, and RFC 2033 §4.2 for LMTP: no accepted recipient, no data.
    if (state.transaction.recipients.length === 0) return refuse('data', replies.recipientFirst);
    return refuseArgument('data', argument) ?? accept('data', replies.startMailInput);
  },
};
