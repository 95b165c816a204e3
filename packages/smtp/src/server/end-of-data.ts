// Who answers for a body: in SMTP one reply for all recipients, in LMTP one for each (RFC 2033 §4.2).
import type { EndOfDataProposal, Refusal } from '../session/proposal.ts';
import type { Recipient, SessionState } from '../session/state.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import {
  endsReplies,
  inSilence,
  isMishap,
  isSilence,
  refusedOtherwise,
  type FaultScript,
  type Mishap,
} from './fault.ts';
import type { Answer } from './handler.ts';

/** The replies that are due, and for whom the application is still to be asked. */
export class EndOfData {
  /** Those whom neither a fault nor the protocol refuses. */
  readonly remaining: readonly Recipient[];
  readonly #proposal: EndOfDataProposal | Refusal;
  readonly #groups: readonly (readonly Recipient[])[];
  readonly #settled: readonly Answer[];
  readonly #mishaps: readonly (Mishap | undefined)[];

  constructor(proposal: EndOfDataProposal | Refusal, session: SessionState, faults: FaultScript | undefined) {
    const { recipients } = session.transaction!;
    this.#proposal = proposal;
    this.#groups = session.policy.protocol === 'lmtp' ? recipients.map((recipient) => [recipient]) : [recipients];
    const scripted = this.#script((group) => faults?.take({ proposal, session, recipients: group }));
    this.#mishaps = scripted.map((one) => (isMishap(one) ? one : undefined));
    this.#settled = scripted.map((one) => settle(proposal, one));
    this.remaining = this.#groups.flatMap((group, index) => (this.#isRefused(index) ? [] : group));
  }

  /** What befalls each reply; `undefined` where nothing befalls any. */
  mishapsOf(replies: readonly Reply[]): readonly (Mishap | undefined)[] | undefined {
    const mishaps = this.#mishaps.map((mishap, index) => {
      const isVain = mishap?.effect === 'cut' && mishap.unlessRefused && isRefusal(replies[index]!);
      return isVain ? undefined : mishap;
    });
    return mishaps.every((mishap) => mishap === undefined) ? undefined : mishaps;
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

  /** Where nothing is sent after a reply, those behind it share its fate. */
  #script(take: (group: readonly Recipient[]) => Reply | Mishap | undefined): (Reply | Mishap | undefined)[] {
    let fate: Mishap | undefined;
    return this.#groups.map((group) => {
      if (fate !== undefined) return fate;
      const scripted = take(group);
      if (isMishap(scripted) && endsReplies(scripted)) fate = fateBehind(scripted);
      return scripted;
    });
  }

  #isRefused(index: number): boolean {
    const settled = this.#settled[index];
    return settled !== undefined && isRefusal(settled);
  }
}

/** What was decided before the connection broke counts for those behind as well; what was not, for none of them. */
function fateBehind(mishap: Mishap): Mishap {
  return mishap.effect === 'cut' ? { ...mishap, after: 0 } : mishap;
}

/** What is answered without asking anybody. */
function settle(proposal: EndOfDataProposal | Refusal, scripted: Reply | Mishap | undefined): Answer {
  if (isMishap(scripted)) {
    if (isSilence(scripted)) return inSilence(proposal);
    return proposal.refused ? proposal.reply : undefined;
  }
  return proposal.refused ? refusedOtherwise(proposal, scripted) : scripted;
}

function isList(answer: Answer | readonly Answer[]): answer is readonly Answer[] {
  return Array.isArray(answer);
}
