// The turn-taking of one session: it pulls a line or a body, has it answered, and does what the phase asks for to which the reply led.
// It knows neither socket nor time, so that it runs in memory as well.
import { refuse, type Proposal } from '../session/proposal.ts';
import type { Session } from '../session/session.ts';
import type { Phase } from '../session/transitions.ts';
import * as replies from '../wire/replies.ts';
import type { Reply } from '../wire/reply.ts';
import { Answering, type AnsweringOwner } from './answering.ts';
import type { Channel } from './channel.ts';
import type { ChunkProposal } from './chunk.ts';
import type { Ending } from './fault.ts';
import type { ClosedBy, SessionHandler } from './handler.ts';
import { Hearing, type LineLimits } from './hearing.ts';
import { Intake, type IntakeOwner } from './intake.ts';
import { Judge } from './judgement.ts';
import { Output } from './output.ts';

export class Dialogue implements AnsweringOwner, IntakeOwner {
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #channel: Channel;
  readonly #intake: Intake;
  readonly #hearing: Hearing;
  readonly #output: Output;
  readonly #answering: Answering;
  /** The application has enough of the content for now. */
  #paused = false;
  /** Nothing is heard or said any more, until the client goes. */
  #stalled = false;
  #inputEnded = false;
  #draining = false;

  constructor(session: Session, handler: SessionHandler, channel: Channel, limits: LineLimits) {
    this.#session = session;
    this.#handler = handler;
    this.#channel = channel;
    const judge = new Judge(session, handler);
    const intake = new Intake(handler, this);
    const hearing = new Hearing(session, handler.observer, intake, judge, limits);
    const output = new Output(session, handler.observer, channel);
    this.#intake = intake;
    this.#hearing = hearing;
    this.#output = output;
    this.#answering = new Answering({ session, channel, intake, hearing, judge, output }, this);
  }

  /** Whether input would be read now. */
  get reading(): boolean {
    return !this.#waits && !this.#output.held && this.#session.expects !== 'nothing';
  }

  /** Whether it is the application that is awaited, and not the client. One that has said its last word waits for a limit. */
  get awaitingAnswer(): boolean {
    return this.#waits && !this.#inputEnded;
  }

  /** Whether nothing is heard or said any more. */
  get isOver(): boolean {
    return this.#output.closed || this.#stalled;
  }

  /** Whether there is more input at hand than can be read now. */
  get saturated(): boolean {
    return !this.reading && !this.#stalled && this.#intake.pending > 0;
  }

  greet(): void {
    this.#output.guard(() => {
      this.#answering.answer(this.#session.proposeGreeting());
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
    if (!this.#paused) return;
    this.#paused = false;
    this.resume();
  }

  /** What was written has gone: go on. */
  release(): void {
    this.#output.release();
    this.resume();
  }

  /** Throws away clear text that came after STARTTLS (RFC 3207 §4.2, CVE-2011-0411). */
  discard(): void {
    const octets = this.#intake.discard();
    if (octets > 0) this.#handler.observer?.discarded?.(octets);
  }

  /** The handshake is done. */
  secured(): void {
    if (this.isOver) return;
    const before = this.#session.phase;
    this.#session.secured();
    // Before the greeting the handler is asked together with it.
    if (before === 'handshake') {
      const refuse = (refusal: Reply): void => this.closeWith(refusal, 'server');
      this.#output.guard(() => this.#answering.answerHandshake(refuse));
    }
    this.resume();
  }

  /** Does what the new phase asks for. */
  moved(before: Phase, proposal: Proposal): void {
    const { phase, transaction } = this.#session;
    if (transaction === null || phase === 'reset') this.#intake.abortContent();
    else if (phase === 'body' && before !== 'body') this.#intake.beginContent('DATA');
    this.#mindPause();
    if (phase === before) return;
    if (phase === 'handshake') this.#beginTls();
    else if (phase === 'closed') this.#output.close(proposal.step === 'quit' ? 'quit' : 'server');
  }

  /** Goes on with what is at hand, if it is the client's turn. */
  resume(): void {
    if (this.#output.closed) return;
    if (!this.reading) return this.#closeIfAnswered();
    this.#output.guard(() => this.#pump());
    if (this.reading && !this.#output.closed) this.#channel.resume();
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
    if (this.isOver) return;
    this.#output.flush();
    this.#stalled = true;
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

  /** Whether somebody else than the client is awaited. */
  get #waits(): boolean {
    return this.#answering.awaited !== null || this.#paused || this.#stalled;
  }

  #pump(): void {
    while (this.reading && !this.#output.closed) {
      if (!this.#hearNext()) break;
      if (this.#output.isLong) this.#output.flush();
    }
    this.#endIfDrained();
    if (this.#answering.awaited === 'answer') this.#output.flushSoon();
    else this.#output.flush();
    this.#closeIfAnswered();
  }

  /** Whoever has said everything, and was answered, has nothing to wait for. */
  #closeIfAnswered(): void {
    if (this.#inputEnded && !this.#waits && !this.#output.held) this.#output.close('client');
  }

  /** Whether something whole was there to be heard. */
  #hearNext(): boolean {
    const heard = this.#hearing.next(this.#draining);
    // Whoever takes the content may have put an end to all this meanwhile.
    if (heard === undefined || this.isOver) {
      this.#mindPause();
      return false;
    }
    if ('over' in heard) this.closeWith(heard.over, 'server');
    else if ('announced' in heard) this.#beginChunk(heard.announced);
    else if ('endOfData' in heard) this.#answering.answerEndOfData(heard.endOfData);
    else this.#answering.answer(heard.proposal);
    return true;
  }

  #beginChunk(announced: ChunkProposal): void {
    this.#intake.beginChunk(announced);
    this.#mindPause();
  }

  #endIfDrained(): void {
    const { expects, phase } = this.#session;
    // Of those in mid-transaction only a message can come to its end.
    const inMessage = expects === 'body' || phase === 'chunks' || this.#intake.inChunk;
    const idle = !this.#waits && expects !== 'nothing' && !inMessage;
    if (this.#draining && idle) this.closeWith(replies.shuttingDown, 'server');
  }

  /** Nothing more is wanted where the application has enough for now. */
  #mindPause(): void {
    if (this.#intake.paused) this.#paused = true;
  }

  #beginTls(): void {
    this.discard();
    this.#output.flush(() => {
      // By the time the reply has left the session may be over.
      if (!this.#output.closed) this.#channel.startTls();
    });
  }
}
