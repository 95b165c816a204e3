// Who answers for a body: in SMTP one reply for all recipients, in LMTP one for each (RFC 2033 §4.2).
import type { EndOfDataProposal, Refusal } from '../session/proposal.ts';
import type { Recipient, SessionState } from '../session/state.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import { refusedOtherwise, type FaultScript } from './fault.ts';
import type { Answer } from './handler.ts';

/** The replies that are due, and for whom the application is still to be asked. */
export class EndOfData {
  /** Those whom neither a fault nor the protocol refuses. */
  readonly remaining: readonly Recipient[];
  readonly #proposal: EndOfDataProposal | Refusal;
  readonly #groups: readonly (readonly Recipient[])[];
  readonly #settled: readonly Answer[];

  constructor(proposal: EndOfDataProposal | Refusal, session: SessionState, faults: FaultScript | undefined) {
    const { recipients } = session.transaction!;
    this.#proposal = proposal;
    this.#groups = session.policy.protocol === 'lmtp' ? recipients.map((recipient) => [recipient]) : [recipients];
    this.#settled = this.#groups.map((group) => {
      const scripted = faults?.take({ proposal, session, recipients: group });
      return proposal.refused ? refusedOtherwise(proposal, scripted) : scripted;
    });
    this.remaining = this.#groups.flatMap((group, index) => (this.#isRefused(index) ? [] : group));
  }

  /** The replies in the order of the recipients, from the application's answer for those that remained. */
  replies(answer: Answer | readonly Answer[]): readonly Reply[] {
    let next = 0;
    return this.#groups.map((_group, index) => {
      if (this.#isRefused(index)) return this.#settled[index]!;
      // A handler written without types may say nothing by `null`.
      const own = (isList(answer) ? answer[next++] : answer) ?? undefined;
      // A scripted acceptance replaces the wording of one, and never makes a refusal an acceptance of what was not kept.
      const scripted = own !== undefined && isRefusal(own) ? undefined : this.#settled[index];
      return scripted ?? own ?? this.#proposal.reply;
    });
  }

  #isRefused(index: number): boolean {
    const settled = this.#settled[index];
    return settled !== undefined && isRefusal(settled);
  }
}

function isList(answer: Answer | readonly Answer[]): answer is readonly Answer[] {
  return Array.isArray(answer);
}
