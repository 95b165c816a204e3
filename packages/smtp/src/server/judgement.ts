// Who answers: a scripted fault, then the protocol's own refusal, then the application, then the protocol's proposal.
import { proposeSuccess } from '../session/commands/auth.ts';
import { refuse, type EndOfDataProposal, type Proposal, type Refusal } from '../session/proposal.ts';
import type { SessionState } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import { asError } from './as-error.ts';
import type { Content } from './content.ts';
import { EndOfData } from './end-of-data.ts';
import { inSilence, isMishap, isSilence, refusedOtherwise, type Mishap } from './fault.ts';
import type { Answer, MaybeLater, SessionHandler } from './handler.ts';
import { isLater } from './is-later.ts';
import { Pending } from './pending.ts';
import { questionFor } from './question.ts';

/** What is to be sent, and the proposal that it answers. */
export interface Judgement {
  readonly proposal: Proposal;
  /** One; at the end of data in LMTP one for each recipient. */
  readonly replies: readonly Reply[];
  /** What befalls each of them, where something does. */
  readonly mishaps?: readonly (Mishap | undefined)[];
}

/** What follows from somebody's answer: at once, where nobody has to be waited for. */
export type Judged<T> = T | Pending<T>;

/** Judges one session's proposals. */
export class Judge {
  readonly #session: SessionState;
  readonly #handler: SessionHandler;

  constructor(session: SessionState, handler: SessionHandler) {
    this.#session = session;
    this.#handler = handler;
  }

  /** Makes a proposal. What an extension or a mechanism gets wrong meanwhile costs one command. */
  attempt(step: Refusal['step'], propose: () => Proposal): Proposal {
    try {
      return propose();
    } catch (error) {
      return refuse(step, this.#failed(error));
    }
  }

  judge(proposal: Proposal): Judged<Judgement> {
    const scripted = this.#handler.faults?.take({ proposal, session: this.#session });
    if (!isMishap(scripted)) return this.#judge(proposal, scripted);
    const befall = (judged: Judgement): Judgement => ({ ...judged, mishaps: [scripted] });
    if (isSilence(scripted)) return befall(judgement(proposal, inSilence(proposal)));
    const judged = this.#judge(proposal, undefined);
    return judged instanceof Pending ? judged.followedBy(befall) : befall(judged);
  }

  /** Judges the end of a body, in LMTP for each recipient (RFC 2033 §4.2); the content is told of it. */
  judgeContent(proposal: EndOfDataProposal | Refusal, content: Content | null): Judged<Judgement> {
    const endOfData = new EndOfData(proposal, this.#session, this.#handler.faults);
    const conclude = (answer: Answer | readonly Answer[]): Judgement => {
      const replies = endOfData.replies(answer);
      const mishaps = endOfData.mishapsOf(replies);
      return mishaps === undefined ? { proposal, replies } : { proposal, replies, mishaps };
    };
    if (content !== null && endOfData.remaining.length > 0) {
      return this.#ask<Answer | readonly Answer[], Judgement>(
        () => content.end(endOfData.remaining, proposal.size ?? 0),
        conclude,
      );
    }
    content?.abort();
    return conclude(undefined);
  }

  /** Judges whether a client is welcome under TLS: there is a refusal, or nothing to be said. */
  judgeHandshake(): Judged<Answer> {
    return this.#ask(
      () => this.#handler.secured?.(),
      (answer) => (answer && isRefusal(answer) ? answer : undefined),
    );
  }

  #judge(proposal: Proposal, scripted: Reply | undefined): Judged<Judgement> {
    if (proposal.refused) return judgement(proposal, refusedOtherwise(proposal, scripted));
    if (scripted !== undefined) return judgement(proposal, scripted);
    const question = questionFor(this.#handler, proposal, this.#session);
    if (question === undefined) return this.#conclude(proposal, proposal.reply);
    return this.#ask(question, (answer) => this.#conclude(proposal, answer ?? proposal.reply));
  }

  /** What is answered where others have failed; the observer is told of it. */
  #failed(error: unknown): Reply {
    this.#handler.observer?.failed?.(asError(error));
    return replies.localError;
  }

  /** Where a mechanism has more to say with success, that goes first. */
  #conclude(proposal: Exclude<Proposal, Refusal>, reply: Reply): Judgement {
    if (proposal.step !== 'auth') return judgement(proposal, reply);
    try {
      const further = proposeSuccess(proposal, reply);
      return further === undefined ? judgement(proposal, reply) : judgement(further, further.reply);
    } catch (error) {
      return judgement(proposal, this.#failed(error));
    }
  }

  /** What throws or rejects is answered 451. */
  #ask<A, T>(question: () => MaybeLater<A>, conclude: (answer: A | Reply) => T): Judged<T> {
    let answer: MaybeLater<A> | Reply;
    try {
      answer = question();
    } catch (error) {
      answer = this.#failed(error);
    }
    if (!isLater(answer)) return conclude(answer);
    const later = answer;
    return new Pending((next) => {
      later.then(
        (there) => next(() => conclude(there)),
        (error: unknown) => next(() => conclude(this.#failed(error))),
      );
    });
  }
}

function judgement(proposal: Proposal, reply: Reply): Judgement {
  return { proposal, replies: [reply] };
}
