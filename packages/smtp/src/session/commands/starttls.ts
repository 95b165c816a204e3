// STARTTLS, RFC 3207 §4.
import * as replies from '../../wire/replies.ts';
import { accept, refuse } from '../proposal.ts';
import { refuseArgument, type CommandDefinition } from './definition.ts';

export const starttls: CommandDefinition = {
  propose(state, argument) {
    const { startTls } = state.policy;
    if (startTls === 'absent' && !state.secure) return refuse('starttls', replies.notImplemented);
    const syntax = refuseArgument('starttls', argument);
    if (syntax !== undefined) return syntax;
    if (state.secure) return refuse('starttls', replies.alreadySecure);
    return startTls === 'refused'
      ? refuse('starttls', replies.tlsNotAvailable)
      : accept('starttls', replies.readyForTls);
  },
};
