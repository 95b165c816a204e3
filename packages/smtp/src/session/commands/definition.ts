// What a command is to a session.
import { refuse, type Proposal, type Refusal } from '../proposal.ts';
import type { SessionState } from '../state.ts';
import type { Step } from '../transitions.ts';
import * as replies from '../../wire/replies.ts';

/**
 * A command: one of RFC 5321, or one that an extension adds.
 * @example
 * const turn: CommandDefinition = { propose: () => refuse('other', reply(502, '5.5.1', 'TURN is no more')) };
 */
export interface CommandDefinition {
  /** Answers from state and argument alone. It changes nothing: only a reply that was sent does. */
  propose(state: SessionState, argument: string): Proposal;
}

/** Refuses an argument where a command has none (RFC 5321 §4.1.1). */
export function refuseArgument(step: Step, argument: string): Refusal | undefined {
  return argument === '' ? undefined : refuse(step, replies.noArgumentAllowed);
}
