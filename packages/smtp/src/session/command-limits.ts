// How much a client may say that leads nowhere before it is sent away with 421.
import * as replies from '../wire/replies.ts';
import { isCompletion, type Reply } from '../wire/reply.ts';
import type { SessionPolicy } from './policy.ts';
import type { Proposal } from './proposal.ts';
import type { SessionState } from './state.ts';

export class CommandLimits {
  readonly #maxUnknown: number;
  readonly #maxUnauthenticated: number;
  #unknown = 0;
  #unauthenticated = 0;

  constructor({ maxUnauthenticatedCommands, maxUnknownCommands }: SessionPolicy) {
    this.#maxUnknown = maxUnknownCommands ?? Number.POSITIVE_INFINITY;
    this.#maxUnauthenticated = maxUnauthenticatedCommands ?? Number.POSITIVE_INFINITY;
  }

  /** The reply that ends the session where this command is the last that is allowed. */
  excessOf(state: SessionState, verb: string, known: boolean): Reply | undefined {
    if (!known) return this.#unknown + 1 >= this.#maxUnknown ? replies.tooManyUnknownCommands : undefined;
    const tried = this.#unauthenticated + 1 >= this.#maxUnauthenticated && state.authMissing;
    return tried && !LEADING_ON.has(verb) ? replies.tooManyUnauthenticatedCommands : undefined;
  }

  count(state: SessionState, proposal: Proposal, sent: Reply): void {
    const unknown = proposal.refused && proposal.unknown === true;
    if (unknown) this.#unknown++;
    else if (proposal.step === 'end-of-data' && isCompletion(sent)) this.#unknown = 0;
    if (state.authMissing && !unknown && !UNCOUNTED.has(proposal.step)) this.#unauthenticated++;
  }
}

/** What leads to authentication, or out, is never one too many. */
const LEADING_ON: ReadonlySet<string> = new Set(['AUTH', 'QUIT']);
const UNCOUNTED: ReadonlySet<Proposal['step']> = new Set(['connect', 'auth']);
