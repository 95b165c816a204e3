// The turn-taking of one session: it pulls a line or a body, has it answered, and lets the reply that is sent move the session.
// It knows neither socket nor time, so that it runs in memory as well.
import type { EndOfDataProposal, Proposal, Refusal } from '../session/proposal.ts';
import { refuse } from '../session/proposal.ts';
import type { Session } from '../session/session.ts';
import type { Phase } from '../session/transitions.ts';
import * as replies from '../wire/replies.ts';
import { isCompletion, isRefusal, withoutEnhanced, type Reply } from '../wire/reply.ts';
import type { Channel } from './channel.ts';
import type { ChunkProposal } from './chunk.ts';
import { isSilence, type Ending } from './fault.ts';
import type { Answer, BodySink, ClosedBy, SessionHandler } from './handler.ts';
import type { Parcel } from './delivery.ts';
import { Hearing, type LineLimits } from './hearing.ts';
import { Intake } from './intake.ts';
import { Judge, type Judged, type Judgement } from './judgement.ts';
import { Output } from './output.ts';
import { Pending } from './pending.ts';

export class Dialogue {
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #channel: Channel;
  readonly #intake: Intake;
  readonly #hearing: Hearing;
  readonly #judge: Judge;
  /** Somebody's answer is awaited, or replies are on a bad road: nothing is read until that is over. */
  #awaiting: 'answer' | 'sink' | 'delivery' | null = null;
  /** Nothing is heard or said any more, until the client goes. */
  #stalled = false;
  #inputEnded = false;
  #draining = false;
  #flushesSoon = false;
  #closed = false;
  readonly #output: Output;

  constructor(session: Session, handler: SessionHandler, channel: Channel, limits: LineLimits) {
    this.#session = session;
    this.#handler = handler;
    this.#channel = channel;
    this.#judge = new Judge(session, handler);
    this.#output = new Output(channel);
    this.#intake = new Intake(handler, () => this.#drained());
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
    this.#guard(() => {
      this.#answer(this.#session.proposeGreeting());
      this.#pump();
    });
  }

  /** Takes what the client sent. */
  feed(chunk: Buffer): void {
    if (this.#closed || this.#stalled) return;
    this.#intake.feed(chunk);
    if (this.#session.phase === 'handshake') this.discard();
    else if (this.reading) this.#guard(() => this.#pump());
  }

  /** The client talks before the greeting, which it is to wait for (RFC 5321 §4.3.1). */
  refuseEarly(chunk: Buffer): void {
    this.#intake.feed(chunk);
    this.closeWith(replies.talkedTooSoon, 'server');
  }

  /** The client will send nothing more. */
  endInput(): void {
    this.#inputEnded = true;
    if (this.#stalled) this.#close('client');
    else this.#closeIfAnswered();
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
      this.#guard(() => this.#whenJudged(this.#judge.judgeHandshake(), refuse));
    }
    this.#resume();
  }

  /** Says why with a 421, and closes; without a word where one would be misunderstood. */
  closeWith(reply: Reply, by: ClosedBy): void {
    if (this.#closed) return;
    // It would be read as the reply that never comes, or as the rest of one.
    if (!this.#output.breakOff() || this.#stalled) return this.#close(by);
    const proposal = { ...refuse('other', reply), fatal: true } as const;
    this.#guard(() => {
      this.#send({ proposal, replies: [reply] }, by);
      // Where the last reply was still to be delivered there is no phase to leave.
      this.#close(by);
    });
  }

  /** Ends the session with 421 as soon as nothing is in progress: now, at the next command, or after the body. */
  drain(): void {
    this.#draining = true;
    this.#endIfDrained();
  }

  /** Ends the connection in the midst of things. */
  cut(by: Ending): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#guard(() => this.#intake.abortContent());
    this.#channel.cut(by);
  }

  /** Says and hears nothing more. What still comes is read and forgotten: that is how it is noticed that the client goes. */
  stall(): void {
    if (this.#isOver) return;
    this.#flush();
    this.#stalled = true;
    this.#awaiting = 'answer';
    this.#guard(() => this.#intake.abortContent());
    this.#guard(() => this.#output.abandon());
    if (this.#inputEnded) this.#close('client');
    else this.#channel.resume();
  }

  /** The connection is gone. */
  abort(): void {
    this.#closed = true;
    this.#guard(() => this.#intake.abortContent());
    this.#guard(() => this.#output.abandon());
  }

  #pump(): void {
    while (this.reading && !this.#closed) {
      if (!this.#readNext()) break;
      if (this.#output.isLong) this.#flush();
    }
    this.#endIfDrained();
    if (this.#awaiting === 'answer') this.#flushSoon();
    else this.#flush();
    this.#closeIfAnswered();
  }

  /** Whoever has said everything, and was answered, has nothing to wait for. */
  #closeIfAnswered(): void {
    if (this.#inputEnded && this.#awaiting === null && !this.#output.held) this.#close('client');
  }

  /** Whether something whole was there to be read. */
  #readNext(): boolean {
    if (this.#intake.inChunk) return this.#readChunk();
    return this.#session.expects === 'body' ? this.#readBody() : this.#readLine();
  }

  #endIfDrained(): void {
    const { expects, phase } = this.#session;
    // Of those in mid-transaction only a message can come to its end.
    const inMessage = expects === 'body' || phase === 'chunks' || this.#intake.inChunk;
    const idle = this.#awaiting === null && expects !== 'nothing' && !inMessage;
    if (this.#draining && idle) this.closeWith(replies.shuttingDown, 'server');
  }

  #resume(): void {
    if (this.#closed) return;
    if (!this.reading) return this.#closeIfAnswered();
    this.#guard(() => this.#pump());
    if (this.reading && !this.#closed) this.#channel.resume();
  }

  /** What others get wrong ends this session, and nothing else. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#closed = true;
      this.#channel.fail(error);
    }
  }

  #readLine(): boolean {
    const heard = this.#hearing.next(this.#draining);
    if (heard === undefined) return false;
    if ('over' in heard) this.closeWith(heard.over, 'server');
    else this.#take(heard.proposal);
    return true;
  }

  /** The reply to BDAT comes after its chunk. */
  #take(proposal: Proposal): void {
    if (!hasChunk(proposal)) return this.#answer(proposal);
    this.#intake.beginChunk(proposal);
    this.#mindPause();
  }

  #beginBody(): void {
    this.#intake.beginContent('DATA');
    this.#mindPause();
  }

  #readBody(): boolean {
    const size = this.#intake.readBody();
    if (size === undefined || this.#isOver) return this.#mindPause();
    this.#answerEndOfData(this.#session.proposeEndOfData(size));
    return true;
  }

  #readChunk(): boolean {
    const proposal = this.#intake.readChunk();
    if (proposal === undefined || this.#isOver) return this.#mindPause();
    if (proposal.step === 'end-of-data') {
      this.#answerEndOfData(proposal);
    } else {
      this.#answer(proposal);
    }
    return true;
  }

  /** Nothing more is wanted where the application has enough for now. */
  #mindPause(): false {
    if (this.#intake.content?.paused && !this.#stalled) this.#awaiting = 'sink';
    return false;
  }

  /** Whoever takes the content may have put an end to all this meanwhile. */
  get #isOver(): boolean {
    return this.#closed || this.#stalled;
  }

  #answer(proposal: Proposal): void {
    this.#whenJudged(this.#judge.judge(proposal), (judgement) => this.#sendJudged(judgement));
  }

  #answerEndOfData(proposal: EndOfDataProposal | Refusal): void {
    const { content } = this.#intake;
    this.#whenJudged(
      this.#judge.judgeContent(proposal, content),
      (judgement) => {
        this.#intake.endContent();
        this.#sendJudged(judgement, content?.sink);
      },
      () => this.#guard(() => content?.sink?.flushed?.()),
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
    if (this.#closed) return;
    this.#guard(() => {
      run();
      this.#flush();
    });
    this.#resume();
  }

  /** `sink` is told when the replies have gone. */
  #sendJudged(judgement: Judgement, sink?: BodySink | null): void {
    // What was said before meets with no mishap.
    if (judgement.mishaps !== undefined) this.#flush();
    if (sink) this.#output.whenFlushed(sink);
    this.#send(judgement);
  }

  #send({ mishaps, proposal, replies: judged }: Judgement, closedBy: ClosedBy = 'server'): void {
    const replies = this.#session.policy.enhancedStatusCodes ? judged : judged.map(withoutEnhanced);
    if (mishaps === undefined) for (const reply of replies) this.#output.add(reply);
    const before = this.#session.phase;
    // A message that was accepted for one of its recipients was accepted.
    const decisive = replies.find((reply) => reply.code === 421) ?? replies.find(isCompletion) ?? replies.at(-1)!;
    this.#session.commit(proposal, decisive);
    if (proposal.step === 'auth') this.#hearing.authAnswered(replies.some(isRefusal));
    const ahead = this.#intake.pending > 0;
    if (mishaps === undefined) {
      this.#handler.observer?.replied?.(proposal, replies, ahead);
      this.#moveOn(before, proposal, closedBy);
    } else {
      const counting = replies.map((reply, index) => (mishaps[index] && isSilence(mishaps[index]) ? null : reply));
      this.#handler.observer?.troubled?.(proposal, counting, ahead);
      const parcels = replies.map((reply, index) => ({ reply, mishap: mishaps[index] }));
      this.#deliver(proposal, parcels, () => this.#moveOn(before, proposal, closedBy));
    }
  }

  /** Does what the new phase asks for. */
  #moveOn(before: Phase, proposal: Proposal, closedBy: ClosedBy): void {
    const { phase, transaction } = this.#session;
    if (transaction === null || phase === 'reset') this.#intake.abortContent();
    this.#mindPause();
    if (phase === before) return;
    if (phase === 'body') this.#beginBody();
    else if (phase === 'handshake') this.#beginTls();
    else if (phase === 'closed') this.#close(proposal.step === 'quit' ? 'quit' : closedBy);
  }

  /** Sends replies that meet with mishaps, which may take its time. */
  #deliver(proposal: Proposal, parcels: readonly Parcel[], arrived: () => void): void {
    this.#awaiting = 'delivery';
    this.#output.deliver(parcels, {
      after: (milliseconds, run) => this.#channel.after(milliseconds, () => this.#resumeWith(run)),
      sent: (reply, octets) => this.#handler.observer?.sent?.(proposal, reply, octets),
      arrived: () => {
        this.#awaiting = null;
        arrived();
      },
      cut: (by) => this.cut(by),
      stall: () => this.stall(),
    });
  }

  #drained(): void {
    if (this.#awaiting !== 'sink') return;
    this.#awaiting = null;
    this.#resume();
  }

  #beginTls(): void {
    this.discard();
    this.#flush(() => {
      // By the time the reply has left the session may be over.
      if (!this.#closed) this.#channel.startTls();
    });
  }

  #close(by: ClosedBy): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#channel.close(by);
  }

  /** Whoever is asked may answer within this turn: then the answer goes with what was said before, in one write instead of two. */
  #flushSoon(): void {
    if (this.#output.isEmpty || this.#flushesSoon) return;
    this.#flushesSoon = true;
    this.#channel.soon(() => {
      this.#flushesSoon = false;
      this.#guard(() => this.#flush());
    });
  }

  #flush(written?: () => void): void {
    // Something may have failed that was guarded by itself: nothing more can be said.
    if (!this.#closed) this.#output.flush(written);
  }
}

function hasChunk(proposal: Proposal): proposal is ChunkProposal {
  return 'chunk' in proposal && proposal.chunk !== undefined;
}
