// The turn-taking of one session: it pulls a line or a body, has it answered, and lets the reply that is sent move the session.
// It knows neither socket nor time, so that it runs in memory as well.
import type { EndOfDataProposal, Proposal, Refusal } from '../session/proposal.ts';
import { refuse } from '../session/proposal.ts';
import { Redactor } from '../session/redactor.ts';
import type { Session } from '../session/session.ts';
import { parseCommand } from '../wire/command.ts';
import { Reader, type LineFault } from '../wire/reader.ts';
import * as replies from '../wire/replies.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import { EndOfData } from './end-of-data.ts';
import type { Answer, BodySink, ClosedBy, MaybeLater, SessionHandler } from './handler.ts';
import { isLater } from './is-later.ts';
import { Output, type Outlet } from './output.ts';
import { questionFor } from './question.ts';

/** What a dialogue needs of its connection. */
export interface Channel extends Outlet {
  /** STARTTLS was answered 220, and that is written: the handshake is due. */
  startTls(): void;
  /** The last reply is written. */
  close(by: ClosedBy): void;
  /** Input is wanted again. */
  resume(): void;
  /** A handler, a sink, a script or an observer threw where no reply can tell: nothing more can be said. */
  fail(error: unknown): void;
}

/** RFC 8446 §5.1: how a ClientHello's record begins, and no command does. */
const TLS_HANDSHAKE = 0x16;
/** RFC 4954 §4 asks for 12,288 octets; tokens and tickets in use are longer. */
const CREDENTIALS_LINE_LIMIT = 65_536;

export class Dialogue {
  readonly #session: Session;
  readonly #handler: SessionHandler;
  readonly #channel: Channel;
  readonly #commandLineLimit: number;
  readonly #reader = new Reader();
  readonly #redactor: Redactor;
  /** Somebody's answer is awaited: nothing is read until it comes. */
  #awaiting: 'answer' | 'sink' | null = null;
  #held = false;
  #inputEnded = false;
  #draining = false;
  #closed = false;
  readonly #output: Output;
  #sink: BodySink | null = null;

  constructor(session: Session, handler: SessionHandler, channel: Channel, commandLineLimit: number) {
    this.#session = session;
    this.#handler = handler;
    this.#channel = channel;
    this.#commandLineLimit = commandLineLimit;
    this.#redactor = new Redactor(session);
    this.#output = new Output(session.policy.enhancedStatusCodes);
  }

  /** Whether input would be read now. */
  get reading(): boolean {
    return this.#awaiting === null && !this.#held && this.#session.expects !== 'nothing';
  }

  /** Whether it is the application that is awaited, and not the client. One that has said its last word waits for a limit. */
  get awaitingAnswer(): boolean {
    return this.#awaiting !== null && !this.#inputEnded;
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
    const { phase, secure } = this.#session;
    if (phase === 'hello' && !secure && chunk[0] === TLS_HANDSHAKE) return this.#refuseTls();
    this.#reader.feed(chunk);
    if (this.#session.phase === 'handshake') this.discard();
    else if (this.reading) this.#guard(() => this.#pump());
  }

  /** The client will send nothing more. */
  endInput(): void {
    this.#inputEnded = true;
    if (this.#awaiting === null && !this.#held) this.#close('client');
  }

  /** What was written has gone: go on. */
  release(): void {
    this.#held = false;
    this.#resume();
  }

  /** Throws away clear text that came after STARTTLS (RFC 3207 §4.2, CVE-2011-0411). */
  discard(): void {
    const octets = this.#reader.discard();
    if (octets > 0) this.#handler.observer?.discarded?.(octets);
  }

  /** The handshake is done. */
  secured(): void {
    this.#session.secured();
    this.#resume();
  }

  /** Says why with a 421, and closes. */
  closeWith(reply: Reply, by: ClosedBy): void {
    if (!this.#closed) this.#sendAll(refuse('other', reply), [reply], by);
  }

  /** Ends the session with 421 as soon as nothing is in progress: now, at the next command, or after the body. */
  drain(): void {
    this.#draining = true;
    this.#endIfDrained();
  }

  /** The connection is gone. */
  abort(): void {
    this.#closed = true;
    const sink = this.#sink;
    this.#sink = null;
    if (this.#awaiting !== 'answer') sink?.abort();
    this.#output.abandon();
  }

  #pump(): void {
    while (this.reading && !this.#closed) {
      const progressed = this.#session.expects === 'body' ? this.#readBody() : this.#readLine();
      if (!progressed) break;
      if (this.#output.isLong) this.#flush();
    }
    this.#endIfDrained();
    this.#flush();
    if (this.#inputEnded && this.#awaiting === null && !this.#held) this.#close('client');
  }

  #endIfDrained(): void {
    const { phase } = this.#session;
    const idle = this.#awaiting === null && (phase === 'hello' || phase === 'mail');
    if (this.#draining && idle) this.closeWith(replies.shuttingDown, 'server');
  }

  #resume(): void {
    if (this.#closed || !this.reading) return;
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

  #refuseTls(): void {
    const reason = 'the client began TLS on a port that begins in clear text';
    this.#handler.observer?.handshakeFailed?.(Object.assign(new Error(reason), { reason }));
    this.closeWith(replies.noTlsHere, 'server');
  }

  #readLine(): boolean {
    const credentials = this.#session.expects === 'credentials';
    const line = this.#reader.readLine(credentials ? CREDENTIALS_LINE_LIMIT : this.#commandLineLimit);
    if (line === undefined) return false;
    if (typeof line !== 'string') {
      this.#refuseLine(line);
      return true;
    }
    const command = credentials ? null : parseCommand(line);
    this.#handler.observer?.received?.(this.#redactor.redact(line, command?.verb ?? null));
    if (this.#draining) this.closeWith(replies.shuttingDown, 'server');
    else this.#answer(command === null ? this.#session.proposeCredentials(line) : this.#session.propose(command));
    return true;
  }

  #refuseLine({ fault }: LineFault): void {
    this.#handler.observer?.received?.(`(${fault})`);
    if (fault === 'too long') this.closeWith(replies.lineTooLong, 'server');
    else this.#answer(refuse(this.#session.expects === 'credentials' ? 'auth' : 'other', replies.bareLineEnding));
  }

  #readBody(): boolean {
    let pause = false;
    const size = this.#reader.readBody((piece) => {
      if (this.#sink?.write(piece) === false) pause = true;
    });
    if (size !== undefined) {
      this.#answerEndOfData(this.#session.proposeEndOfData(size));
      return true;
    }
    if (pause) this.#awaiting = 'sink';
    return false;
  }

  #answer(proposal: Proposal): void {
    const scripted = this.#handler.faults?.take({ proposal, session: this.#session });
    if (proposal.refused) {
      // What the protocol refuses a script may refuse otherwise; accepted it would be a lie that the next reply gives away.
      return this.#send(proposal, scripted !== undefined && isRefusal(scripted) ? scripted : proposal.reply);
    }
    if (scripted !== undefined) return this.#send(proposal, scripted);
    const question = questionFor(this.#handler, proposal);
    if (question === undefined) this.#send(proposal, proposal.reply);
    else this.#whenAnswered(question, (answer) => this.#send(proposal, answer ?? proposal.reply));
  }

  #answerEndOfData(proposal: EndOfDataProposal | Refusal): void {
    const sink = this.#sink;
    const endOfData = new EndOfData(proposal, this.#session, this.#handler.faults);
    const send = (answer: Answer | readonly Answer[]): void => {
      this.#sink = null;
      if (sink !== null) this.#output.whenFlushed(sink);
      this.#sendAll(proposal, endOfData.replies(answer));
    };
    if (sink === null) send(undefined);
    else if (endOfData.remaining.length === 0) {
      sink.abort();
      send(undefined);
    } else {
      const end = (): MaybeLater<Answer | readonly Answer[]> => sink.end(endOfData.remaining, proposal.size ?? 0);
      this.#whenAnswered<Answer | readonly Answer[]>(end, send, () => sink.flushed?.());
    }
  }

  /**
   * Goes on at once where the answer is there, and later where it is not; what throws or rejects is answered 451. `gone` is for
   * an answer that finds the connection closed.
   */
  #whenAnswered<A>(ask: () => MaybeLater<A>, next: (answer: A | Reply) => void, gone?: () => void): void {
    let answer: MaybeLater<A> | Reply;
    try {
      answer = ask();
    } catch (error) {
      answer = this.#failed(error);
    }
    if (!isLater(answer)) return next(answer);
    this.#awaiting = 'answer';
    const settled = (value: A | Reply): void => {
      this.#awaiting = null;
      if (this.#closed) return gone?.();
      this.#guard(() => {
        next(value);
        this.#flush();
      });
      this.#resume();
    };
    answer.then(settled, (error: unknown) => settled(this.#failed(error)));
  }

  #failed(error: unknown): Reply {
    this.#handler.observer?.failed?.(error instanceof Error ? error : new Error(String(error)));
    return replies.localError;
  }

  #send(proposal: Proposal, reply: Reply): void {
    this.#sendAll(proposal, [reply]);
  }

  #sendAll(proposal: Proposal, sent: readonly Reply[], closedBy: ClosedBy = 'server'): void {
    for (const reply of sent) this.#output.add(reply);
    const before = this.#session.phase;
    this.#session.commit(proposal, sent.find((reply) => reply.code === 421) ?? sent.at(-1)!);
    this.#handler.observer?.replied?.(proposal, sent);
    if (proposal.step === 'auth') this.#redactor.answered(sent.some(isRefusal));
    const { phase } = this.#session;
    if (phase === before) return;
    if (phase === 'body') this.#sink = this.#handler.body?.(() => this.#drained()) ?? null;
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
    this.#flush(() => this.#channel.startTls());
  }

  #close(by: ClosedBy): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#channel.close(by);
  }

  #flush(written?: () => void): void {
    if (!this.#output.isEmpty || written !== undefined) this.#held = !this.#output.flush(this.#channel, written);
  }
}
