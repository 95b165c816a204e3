// How much a client may say that leads nowhere before it is sent away with 421.
import * as replies from '../wire/replies.ts';
import { isCompletion, isRefusal, type Reply } from '../wire/reply.ts';
import type { SessionPolicy } from './policy.ts';
import type { Proposal } from './proposal.ts';
import type { SessionState } from './state.ts';

export class CommandLimits {
  readonly #policy: SessionPolicy;
  #authFailures = 0;
  #unknown = 0;
  #unauthenticated = 0;
  #withoutMessage = 0;

  constructor(policy: SessionPolicy) {
    this.#policy = policy;
  }

  /** The reply that ends the session where this command is the last that is allowed, or more. */
  excessOf(state: SessionState, verb: string, known: boolean): Reply | undefined {
    if (verb === 'QUIT' && known) return undefined;
    const excess = this.excessOfLine();
    if (excess !== undefined) return excess;
    const { maxAuthFailures, maxUnauthenticatedCommands, maxUnknownCommands } = this.#policy;
    if (!known) return reaches(this.#unknown + 1, maxUnknownCommands) ? replies.tooManyUnknownCommands : undefined;
    // What leads to authentication is never one too many, until it has failed to.
    if (verb === 'AUTH') return reaches(this.#authFailures, maxAuthFailures) ? replies.tooManyAuthFailures : undefined;
    const tried = reaches(this.#unauthenticated + 1, maxUnauthenticatedCommands) && state.authMissing;
    return tried ? replies.tooManyUnauthenticatedCommands : undefined;
  }

  /** The same for a line of an AUTH exchange. */
  excessOfLine(): Reply | undefined {
    const { maxCommandsWithoutMessage } = this.#policy;
    return reaches(this.#withoutMessage + 1, maxCommandsWithoutMessage) ? replies.tooManyCommands : undefined;
  }

  count(state: SessionState, proposal: Proposal, sent: Reply): void {
    const { step } = proposal;
    if (step === 'connect') return;
    if (proposal.refused && proposal.unknown === true) this.#unknown++;
    else if (state.authMissing && step !== 'auth') this.#unauthenticated++;
    if (step === 'auth' && isRefusal(sent)) this.#authFailures++;
    if (step === 'end-of-data' && isCompletion(sent)) this.#unknown = this.#withoutMessage = 0;
    else if (!leadsOn(proposal, sent)) this.#withoutMessage++;
    // They have led nowhere after all.
    if (givesUp(proposal, sent)) this.#withoutMessage += state.transaction?.recipients.length ?? 0;
  }
}

function reaches(count: number, limit: number | undefined): boolean {
  return count >= (limit ?? Number.POSITIVE_INFINITY);
}

/** Whether the transaction that is open, if any, ends without a message. */
function givesUp({ step }: Proposal, sent: Reply): boolean {
  return step === 'end-of-data' ? !isCompletion(sent) : isCompletion(sent) && ENDING.has(step);
}

const ENDING: ReadonlySet<Proposal['step']> = new Set(['ehlo', 'rset', 'starttls']);

/** A recipient or a chunk brings a message nearer; how many of them there may be is limited otherwise. */
function leadsOn({ chunk = 0, step }: Proposal & { readonly chunk?: number }, sent: Reply): boolean {
  return isCompletion(sent) && (step === 'rcpt' || (step === 'bdat' && chunk > 0));
}
