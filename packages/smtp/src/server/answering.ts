// How what was heard is answered: whoever is asked is waited for, then the replies go out, on a bad road where mishaps befall them.
import type { EndOfDataProposal, Proposal, Refusal } from '../session/proposal.ts';
import type { Session } from '../session/session.ts';
import type { Phase } from '../session/transitions.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import type { Channel } from './channel.ts';
import type { Ending } from './fault.ts';
import type { BodySink } from './handler.ts';
import type { Hearing } from './hearing.ts';
import type { Intake } from './intake.ts';
import type { Judge, Judged, Judgement } from './judgement.ts';
import type { Output } from './output.ts';
import { Pending } from './pending.ts';

/** Whose answers they are. */
export interface AnsweringOwner {
  /** Whether nothing is heard or said any more. */
  readonly isOver: boolean;
  /** The reply to a proposal has moved the session from that phase on, and no mishap keeps it any more. */
  moved(before: Phase, proposal: Proposal): void;
  /** What was awaited is there, and has been said: the client may go on. */
  resume(): void;
  cut(by: Ending): void;
  stall(): void;
}

/** What answering shares with the rest of a dialogue. */
interface Parts {
  readonly session: Session;
  readonly channel: Channel;
  readonly intake: Intake;
  readonly hearing: Hearing;
  readonly judge: Judge;
  readonly output: Output;
}

export class Answering {
  readonly #session: Session;
  readonly #channel: Channel;
  readonly #intake: Intake;
  readonly #hearing: Hearing;
  readonly #judge: Judge;
  readonly #output: Output;
  readonly #owner: AnsweringOwner;
  #awaited: 'answer' | 'delivery' | null = null;

  constructor({ channel, hearing, intake, judge, output, session }: Parts, owner: AnsweringOwner) {
    this.#session = session;
    this.#channel = channel;
    this.#intake = intake;
    this.#hearing = hearing;
    this.#judge = judge;
    this.#output = output;
    this.#owner = owner;
  }

  /** Somebody's answer is awaited, or replies are on a bad road: nothing is to be read until that is over. */
  get awaited(): 'answer' | 'delivery' | null {
    return this.#awaited;
  }

  answer(proposal: Proposal): void {
    this.#whenJudged(this.#judge.judge(proposal), (judgement) => this.#send(judgement));
  }

  answerEndOfData(proposal: EndOfDataProposal | Refusal): void {
    const { content } = this.#intake;
    this.#whenJudged(
      this.#judge.judgeContent(proposal, content),
      (judgement) => {
        this.#intake.endContent();
        this.#send(judgement, content?.sink);
      },
      () => this.#output.guard(() => content?.sink?.flushed?.()),
    );
  }

  /** Has a handshake judged, to which there is no reply unless it is refused. */
  answerHandshake(refuse: (refusal: Reply) => void): void {
    this.#whenJudged(this.#judge.judgeHandshake(), (refusal) => refusal && refuse(refusal));
  }

  /** Goes on at once where the answer is there, and later where it is not; `gone` is for one that finds the session over. */
  #whenJudged<T>(judged: Judged<T>, next: (conclusion: T) => void, gone?: () => void): void {
    if (!(judged instanceof Pending)) return this.#owner.isOver ? gone?.() : next(judged);
    this.#awaited = 'answer';
    judged.settle((conclude) => {
      if (this.#owner.isOver) return gone?.();
      this.#awaited = null;
      this.#resumeWith(() => next(conclude()));
    });
  }

  /** Something that was awaited is there: what follows from it comes first. */
  #resumeWith(run: () => void): void {
    if (this.#output.closed) return;
    this.#output.guard(() => {
      run();
      this.#output.flush();
    });
    this.#owner.resume();
  }

  /** `sink` is told when the replies have gone. */
  #send(judgement: Judgement, sink?: BodySink | null): void {
    const { mishaps, proposal } = judgement;
    // What was said before meets with no mishap.
    if (mishaps !== undefined) this.#output.flush();
    if (sink) this.#output.whenFlushed(sink);
    const before = this.#session.phase;
    const sent = this.#output.add(judgement, this.#intake.pending > 0);
    if (proposal.step === 'auth') this.#hearing.authAnswered(sent.some(isRefusal));
    if (mishaps === undefined) return this.#owner.moved(before, proposal);
    const parcels = sent.map((reply, index) => ({ reply, mishap: mishaps[index] }));
    this.#awaited = 'delivery';
    this.#output.deliver(proposal, parcels, {
      after: (milliseconds, run) => this.#channel.after(milliseconds, () => this.#resumeWith(run)),
      arrived: () => {
        this.#awaited = null;
        this.#owner.moved(before, proposal);
      },
      cut: (by) => this.#owner.cut(by),
      stall: () => this.#owner.stall(),
    });
  }
}
