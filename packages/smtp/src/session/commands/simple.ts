// The commands that need no transaction and carry nothing: RSET, NOOP, QUIT, VRFY, EXPN, HELP (RFC 5321 §4.1.1.5 to .10).
import * as replies from '../../wire/replies.ts';
import { accept, refuse } from '../proposal.ts';
import { refuseArgument, type CommandDefinition } from './definition.ts';

export const rset: CommandDefinition = {
  propose: (_state, argument) => refuseArgument('rset', argument) ?? accept('rset', replies.reset),
};

/** RFC 5321 §4.1.1.9: an argument is allowed and ignored. */
export const noop: CommandDefinition = { propose: () => accept('noop', replies.ok) };

export const quit: CommandDefinition = {
  propose: (_state, argument) => refuseArgument('quit', argument) ?? accept('quit', replies.bye),
};

/** RFC 5321 §4.1.1.6, and §7.3: addresses are not given away. */
export const vrfy: CommandDefinition = {
  propose: (_state, argument) =>
    argument === '' ? refuse('other', replies.vrfySyntax) : accept('other', replies.cannotVerify),
};

export const expn: CommandDefinition = { propose: () => refuse('other', replies.notImplemented) };

export const help: CommandDefinition = { propose: () => accept('other', replies.helpPointer) };
