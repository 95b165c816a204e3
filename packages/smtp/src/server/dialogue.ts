// The turn-taking of one session: it pulls a line or a body, has it answered, and lets the reply that is sent move the session.
// It knows neither socket nor time, so that it runs in memory as well.
import type { EndOfDataProposal, Proposal, Refusal } from '../session/proposal.ts';
import { refuse } from '../session/proposal.ts';
import { Redactor } from '../session/redactor.ts';
import type { Session } from '../session/session.ts';
import { parseCommand } from '../wire/command.ts';
import type { LineFault } from '../wire/reader.ts';
import * as replies from '../wire/replies.ts';
import { isCompletion, isRefusal, withoutEnhanced, type Reply } from '../wire/reply.ts';
import type { Channel } from './channel.ts';
import type { ChunkProposal } from './chunk.ts';
import type { Answer, ClosedBy, SessionHandler } from './handler.ts';
import { Intake } from './intake.ts';
import { Judge, type Judged, type Judgement } from './judgement.ts';
import { Output } from './output.ts';
import { Pending } from './pending.ts';

/** Octets of a line without its CRLF. */
export interface LineLimits {
  readonly commandLineLimit: number;
  readonly credentialsLineLimit: number;
}

export class Dialogue {
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #channel: Channel;
  readonly #limits: LineLimits;
  readonly #intake: Intake;
  readonly #redactor: Redactor;
  readonly #judge: Judge;
  /** Somebody's answer is awaited: nothing is read until it comes. */
  #awaiting: 'answer' | 'sink' | null = null;
  #held = false;
  /** The last line was refused as none: what follows may belong to it. */
  #inRefusedLine = false;
  #inputEnded = false;
  #draining = false;
  #closed = false;
  readonly #output = new Output();

  constructor(session: Session, handler: SessionHandler, channel: Channel, limits: LineLimits) {
    this.#session = session;
    this.#handler = handler;
    this.#channel = channel;
    this.#limits = limits;
    this.#redactor = new Redactor(session);
    this.#judge = new Judge(session, handler);
    this.#intake = new Intake(handler, () => this.#drained());
  }

  /** Whether input would be read now. */
  get reading(): boolean {
    return this.#awaiting === null && !this.#held && this.#session.expects !== 'nothing';
  }

  /** Whether it is the application that is awaited, and not the client. One that has said its last word waits for a limit. */
  get awaitingAnswer(): boolean {
    return this.#awaiting !== null && !this.#inputEnded;
  }

  /** Whether there is more input at hand than can be read now. */
  get saturated(): boolean {
    return !this.reading && this.#intake.pending > 0;
  }

  greet(): void {
    this.#guard(() => {
      this.#answer(this.#session.proposeGreeting());
      this.#pump();
    });
  }

  /** Takes what the client sent. */
  feed(chunk: Buffer): void {
    if (this.#closed) return;
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
    this.#closeIfAnswered();
  }

  /** What was written has gone: go on. */
  release(): void {
    this.#held = false;
    this.#resume();
  }

  /** Throws away clear text that came after STARTTLS (RFC 3207 §4.2, CVE-2011-0411). */
  discard(): void {
    const octets = this.#intake.discard();
    if (octets > 0) this.#handler.observer?.discarded?.(octets);
  }

  /** The handshake is done. */
  secured(): void {
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

  /** Says why with a 421, and closes. */
  closeWith(reply: Reply, by: ClosedBy): void {
    if (this.#closed) return;
    const proposal = { ...refuse('other', reply), fatal: true } as const;
    this.#guard(() => this.#send({ proposal, replies: [reply] }, by));
  }

  /** Ends the session with 421 as soon as nothing is in progress: now, at the next command, or after the body. */
  drain(): void {
    this.#draining = true;
    this.#endIfDrained();
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
    this.#flush();
    this.#closeIfAnswered();
  }

  /** Whoever has said everything, and was answered, has nothing to wait for. */
  #closeIfAnswered(): void {
    if (this.#inputEnded && this.#awaiting === null && !this.#held) this.#close('client');
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

  #beginsTls(): boolean {
    const { phase, secure } = this.#session;
    return phase === 'hello' && !secure && !this.#inRefusedLine && this.#intake.beginsTls;
  }

  #refuseTls(): void {
    const reason = 'the client began TLS on a port that begins in clear text';
    this.#handler.observer?.handshakeFailed?.(Object.assign(new Error(reason), { reason }));
    this.closeWith(replies.noTlsHere, 'server');
  }

  #readLine(): boolean {
    if (this.#beginsTls()) {
      this.#refuseTls();
      return true;
    }
    const credentials = this.#session.expects === 'credentials';
    const { commandLineLimit, credentialsLineLimit } = this.#limits;
    const line = this.#intake.readLine(credentials ? credentialsLineLimit : commandLineLimit);
    if (line === undefined) return false;
    this.#inRefusedLine = typeof line !== 'string';
    if (typeof line !== 'string') {
      this.#refuseLine(line);
      return true;
    }
    const command = credentials ? null : parseCommand(line);
    this.#handler.observer?.received?.(this.#redactor.redact(line, command?.verb ?? null));
    // A message that is coming in may end: its next chunk belongs to it.
    const goesOn = this.#session.phase === 'chunks' && command?.verb === 'BDAT';
    if (this.#draining && !goesOn) this.closeWith(replies.shuttingDown, 'server');
    else if (command === null) this.#take(this.#judge.attempt('auth', () => this.#session.proposeCredentials(line)));
    else this.#take(this.#judge.attempt('other', () => this.#session.propose(command)));
    return true;
  }

  /** The reply to BDAT comes after its chunk. */
  #take(proposal: Proposal): void {
    if (hasChunk(proposal)) this.#intake.beginChunk(proposal);
    else this.#answer(proposal);
  }

  #refuseLine({ fault }: LineFault): void {
    this.#redactor.lineRefused();
    this.#handler.observer?.received?.(`(${fault})`, fault);
    if (fault === 'too long') this.closeWith(replies.lineTooLong, 'server');
    else this.#answer(refuse(this.#session.expects === 'credentials' ? 'auth' : 'other', replies.bareLineEnding));
  }

  #readBody(): boolean {
    const size = this.#intake.readBody();
    if (size === undefined) return this.#mindPause();
    this.#answerEndOfData(this.#session.proposeEndOfData(size));
    return true;
  }

  #readChunk(): boolean {
    const proposal = this.#intake.readChunk();
    if (proposal === undefined) return this.#mindPause();
    if (proposal.step === 'end-of-data') {
      this.#answerEndOfData(proposal);
    } else {
      this.#answer(proposal);
      this.#mindPause();
    }
    return true;
  }

  /** Nothing more is wanted where the application has enough for now. */
  #mindPause(): false {
    if (this.#intake.content?.paused) this.#awaiting = 'sink';
    return false;
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
        if (content?.sink) this.#output.whenFlushed(content.sink);
        this.#send(judgement);
      },
      () => this.#guard(() => content?.sink?.flushed?.()),
    );
  }

  /** Goes on at once where the answer is there, and later where it is not; `gone` is for one that finds the session closed. */
  #whenJudged<T>(judged: Judged<T>, next: (conclusion: T) => void, gone?: () => void): void {
    if (!(judged instanceof Pending)) return next(judged);
    this.#awaiting = 'answer';
    judged.settle((conclude) => {
      this.#awaiting = null;
      if (this.#closed) return gone?.();
      this.#guard(() => {
        next(conclude());
        this.#flush();
      });
      this.#resume();
    });
  }

  #send({ proposal, replies: judged }: Judgement, closedBy: ClosedBy = 'server'): void {
    const sent = this.#session.policy.enhancedStatusCodes ? judged : judged.map(withoutEnhanced);
    for (const reply of sent) this.#output.add(reply);
    const before = this.#session.phase;
    // A message that was accepted for one of its recipients was accepted.
    const decisive = sent.find((reply) => reply.code === 421) ?? sent.find(isCompletion) ?? sent.at(-1)!;
    this.#session.commit(proposal, decisive);
    this.#handler.observer?.replied?.(proposal, sent, this.#intake.pending > 0);
    if (proposal.step === 'auth') this.#redactor.answered(sent.some(isRefusal));
    const { phase, transaction } = this.#session;
    if (transaction === null || phase === 'reset') this.#intake.abortContent();
    if (phase === before) return;
    if (phase === 'body') this.#intake.beginContent('DATA');
    else if (phase === 'handshake') this.#beginTls();
    else if (phase === 'closed') this.#close(proposal.step === 'quit' ? 'quit' : closedBy);
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

  #flush(written?: () => void): void {
    // Something may have failed that was guarded by itself: nothing more can be said.
    if (this.#closed) return;
    if (!this.#output.isEmpty || written !== undefined) this.#held = !this.#output.flush(this.#channel, written);
  }
}

function hasChunk(proposal: Proposal): proposal is ChunkProposal {
  return 'chunk' in proposal && proposal.chunk !== undefined;
}
