// The turn-taking of one session: it pulls a line or a body, has it answered, and does what the phase asks for to which the reply led.
// It knows neither socket nor time, so that it runs in memory as well.
import type { EndOfDataProposal, Proposal, Refusal } from '../session/proposal.ts';
import { refuse } from '../session/proposal.ts';
import type { Session } from '../session/session.ts';
import type { Phase } from '../session/transitions.ts';
import * as replies from '../wire/replies.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import type { Channel } from './channel.ts';
import type { Ending } from './fault.ts';
import type { Answer, BodySink, ClosedBy, SessionHandler } from './handler.ts';
import { Hearing, type LineLimits } from './hearing.ts';
import { Intake, type IntakeOwner } from './intake.ts';
import { Judge, type Judged, type Judgement } from './judgement.ts';
import { Output } from './output.ts';
import { Pending } from './pending.ts';

export class Dialogue implements IntakeOwner {
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #channel: Channel;
  readonly #intake: Intake;
  readonly #hearing: Hearing;
  readonly #judge: Judge;
  readonly #output: Output;
  /** Somebody's answer is awaited, or replies are on a bad road: nothing is read until that is over. */
  #awaiting: 'answer' | 'sink' | 'delivery' | null = null;
  /** Nothing is heard or said any more, until the client goes. */
  #stalled = false;
  #inputEnded = false;
  #draining = false;

  constructor(session: Session, handler: SessionHandler, channel: Channel, limits: LineLimits) {
    this.#session = session;
    this.#handler = handler;
    this.#channel = channel;
    this.#judge = new Judge(session, handler);
    this.#output = new Output(session, handler.observer, channel);
    this.#intake = new Intake(handler, this);
    this.#hearing = new Hearing(session, handler.observer, this.#intake, this.#judge, limits);
  }

  /** Whether input would be read now. */
  get reading(): boolean {
    return this.#awaiting === null && !this.#output.held && this.#session.expects !== 'nothing';
  }

  /** Whether it is the application that is awaited, and not the client. One that has said its last word waits for a limit. */
  get awaitingAnswer(): boolean {
    return this.#awaiting !== null && !this.#inputEnded;
  }

  /** Whether there is more input at hand than can be read now. */
  get saturated(): boolean {
    return !this.reading && !this.#stalled && this.#intake.pending > 0;
  }

  greet(): void {
    this.#output.guard(() => {
      this.#answer(this.#session.proposeGreeting());
      this.#pump();
    });
  }

  /** Takes what the client sent. */
  feed(chunk: Buffer): void {
    if (this.#output.closed || this.#stalled) return;
    this.#intake.feed(chunk);
    if (this.#session.phase === 'handshake') this.discard();
    else if (this.reading) this.#output.guard(() => this.#pump());
  }

  /** The client talks before the greeting, which it is to wait for (RFC 5321 §4.3.1). */
  refuseEarly(chunk: Buffer): void {
    this.#intake.feed(chunk);
    this.closeWith(replies.talkedTooSoon, 'server');
  }

  /** The client will send nothing more. */
  endInput(): void {
    this.#inputEnded = true;
    if (this.#stalled) this.#output.close('client');
    else this.#closeIfAnswered();
  }

  drained(): void {
    if (this.#awaiting !== 'sink') return;
    this.#awaiting = null;
    this.#resume();
  }

  /** What was written has gone: go on. */
  release(): void {
    this.#output.release();
    this.#resume();
  }

  /** Throws away clear text that came after STARTTLS (RFC 3207 §4.2, CVE-2011-0411). */
  discard(): void {
    const octets = this.#intake.discard();
    if (octets > 0) this.#handler.observer?.discarded?.(octets);
  }

  /** The handshake is done. */
  secured(): void {
    if (this.#isOver) return;
    const before = this.#session.phase;
    this.#session.secured();
    // Before the greeting the handler is asked together with it.
    if (before === 'handshake') {
      const refuse = (refusal: Answer): void => {
        if (refusal !== undefined) this.closeWith(refusal, 'server');
      };
      this.#output.guard(() => this.#whenJudged(this.#judge.judgeHandshake(), refuse));
    }
    this.#resume();
  }

  /** Says why with a 421, and closes; without a word where one would be misunderstood. */
  closeWith(reply: Reply, by: ClosedBy): void {
    if (this.#output.closed) return;
    // It would be read as the reply that never comes, or as the rest of one.
    if (!this.#output.breakOff() || this.#stalled) return this.#output.close(by);
    const proposal = { ...refuse('other', reply), fatal: true } as const;
    this.#output.guard(() => {
      this.#output.add({ proposal, replies: [reply] }, this.#intake.pending > 0);
      this.#intake.abortContent();
      this.#output.close(by);
    });
  }

  /** Ends the session with 421 as soon as nothing is in progress: now, at the next command, or after the body. */
  drain(): void {
    this.#draining = true;
    this.#endIfDrained();
  }

  /** Ends the connection in the midst of things. */
  cut(by: Ending): void {
    if (this.#output.closed) return;
    this.#output.flush();
    this.#output.end();
    this.#output.guard(() => this.#intake.abortContent());
    this.#channel.cut(by);
  }

  /** Says and hears nothing more. What still comes is read and forgotten: that is how it is noticed that the client goes. */
  stall(): void {
    if (this.#isOver) return;
    this.#output.flush();
    this.#stalled = true;
    this.#awaiting = 'answer';
    this.#output.guard(() => this.#intake.abortContent());
    this.#output.guard(() => this.#output.abandon());
    if (this.#inputEnded) this.#output.close('client');
    else this.#channel.resume();
  }

  /** The connection is gone. */
  abort(): void {
    this.#output.end();
    this.#output.guard(() => this.#intake.abortContent());
    this.#output.guard(() => this.#output.abandon());
  }

  #pump(): void {
    while (this.reading && !this.#output.closed) {
      if (!this.#hearNext()) break;
      if (this.#output.isLong) this.#output.flush();
    }
    this.#endIfDrained();
    if (this.#awaiting === 'answer') this.#output.flushSoon();
    else this.#output.flush();
    this.#closeIfAnswered();
  }

  /** Whoever has said everything, and was answered, has nothing to wait for. */
  #closeIfAnswered(): void {
    if (this.#inputEnded && this.#awaiting === null && !this.#output.held) this.#output.close('client');
  }

  /** Whether something whole was there to be heard. */
  #hearNext(): boolean {
    const heard = this.#hearing.next(this.#draining);
    // Whoever takes the content may have put an end to all this meanwhile.
    if (heard === undefined || this.#isOver) {
      this.#mindPause();
      return false;
    }
    if ('over' in heard) this.closeWith(heard.over, 'server');
    else if ('endOfData' in heard) this.#answerEndOfData(heard.endOfData);
    else this.#answer(heard.proposal);
    return true;
  }

  #endIfDrained(): void {
    const { expects, phase } = this.#session;
    // Of those in mid-transaction only a message can come to its end.
    const inMessage = expects === 'body' || phase === 'chunks' || this.#intake.inChunk;
    const idle = this.#awaiting === null && expects !== 'nothing' && !inMessage;
    if (this.#draining && idle) this.closeWith(replies.shuttingDown, 'server');
  }

  #resume(): void {
    if (this.#output.closed) return;
    if (!this.reading) return this.#closeIfAnswered();
    this.#output.guard(() => this.#pump());
    if (this.reading && !this.#output.closed) this.#channel.resume();
  }

  /** Nothing more is wanted where the application has enough for now. */
  #mindPause(): void {
    if (this.#intake.paused && !this.#stalled) this.#awaiting = 'sink';
  }

  /** Whether nothing is heard or said any more. */
  get #isOver(): boolean {
    return this.#output.closed || this.#stalled;
  }

  #answer(proposal: Proposal): void {
    this.#whenJudged(this.#judge.judge(proposal), (judgement) => this.#send(judgement));
  }

  #answerEndOfData(proposal: EndOfDataProposal | Refusal): void {
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

  /** Goes on at once where the answer is there, and later where it is not; `gone` is for one that finds the session over. */
  #whenJudged<T>(judged: Judged<T>, next: (conclusion: T) => void, gone?: () => void): void {
    if (!(judged instanceof Pending)) return this.#isOver ? gone?.() : next(judged);
    this.#awaiting = 'answer';
    judged.settle((conclude) => {
      if (this.#isOver) return gone?.();
      this.#awaiting = null;
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
    this.#resume();
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
    if (mishaps === undefined) return this.#moveOn(before, proposal);
    const parcels = sent.map((reply, index) => ({ reply, mishap: mishaps[index] }));
    this.#awaiting = 'delivery';
    this.#output.deliver(proposal, parcels, {
      after: (milliseconds, run) => this.#channel.after(milliseconds, () => this.#resumeWith(run)),
      arrived: () => {
        this.#awaiting = null;
        this.#moveOn(before, proposal);
      },
      cut: (by) => this.cut(by),
      stall: () => this.stall(),
    });
  }

  /** Does what the new phase asks for. */
  #moveOn(before: Phase, proposal: Proposal): void {
    const { phase, transaction } = this.#session;
    if (transaction === null || phase === 'reset') this.#intake.abortContent();
    else if (phase === 'body' && before !== 'body') this.#intake.beginContent('DATA');
    this.#mindPause();
    if (phase === before) return;
    if (phase === 'handshake') this.#beginTls();
    else if (phase === 'closed') this.#output.close(proposal.step === 'quit' ? 'quit' : 'server');
  }

  #beginTls(): void {
    this.discard();
    this.#output.flush(() => {
      // By the time the reply has left the session may be over.
      if (!this.#output.closed) this.#channel.startTls();
    });
  }
}
