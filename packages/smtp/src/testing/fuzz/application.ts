// An application that answers anything at any time: what it says is drawn from whom it is asked about, and how often it was asked.
import type { FaultScript } from '../../server/fault.ts';
import type { Answer, BodySink, MaybeLater, SessionHandler, SessionObserver, Transfer } from '../../server/handler.ts';
import type { Session } from '../../session/session.ts';
import type { Recipient } from '../../session/state.ts';
import { isRefusal, reply, type Reply } from '../../wire/reply.ts';
import { inconsistency } from '../session-consistency.ts';
import { Later } from './later.ts';
import { OnPurpose } from './on-purpose.ts';
import { hashOf, Prng } from './prng.ts';
import type { SinkRecord, Tape } from './tape.ts';

/** What an application may answer; some of it is ill advised, and all of it has to be lived with. */
const ANSWERS: readonly Reply[] = [
  reply(250, '2.0.0', 'OK'),
  reply(251, '2.1.5', 'Will forward', 'in two lines'),
  reply(250, null, ''),
  { code: 250, lines: [] },
  reply(451, '4.7.1', 'Greylisted'),
  reply(452, '4.3.1', 'Disk\r\n250 2.0.0 OK\0'),
  reply(550, '5.1.1', 'No such user', '', '\t'),
  reply(550, '5.1.1', 'Niemand hei\u00dft so'),
  reply(554, '5.0.0', 'x'.repeat(490)),
  reply(599, null, '\x7f\x85'),
];
/** What only a script may say. */
const SCRIPTED: readonly Reply[] = [
  ...ANSWERS,
  reply(421, '4.3.2', 'Gone'),
  reply(235, '2.7.0', 'Welcome'),
  reply(354, null, 'Go on'),
  reply(334, null, ''),
];

/** When it lets others wait, and where it fails. */
export interface Moods {
  /** What a `write` gives, and whether it asks to go on at once. */
  write(): 'glad' | 'pauses' | 'pauses and resumes';
  /** Throws where this call is to fail. */
  mayFail(call: 'write' | 'abort' | 'flushed' | 'body' | 'received' | 'replied'): void;
}

/** What the connection knows. */
interface Connected {
  readonly moods: Moods;
  /** Whether nothing may be said or asked any more. */
  readonly isOver: () => boolean;
  /** Whether the client reads what it is told, so that it may be read as well. */
  readonly mayRead: () => boolean;
}

export class Application implements SessionHandler {
  readonly faults: FaultScript;
  readonly observer: SessionObserver;
  /** Settles each answer that is awaited. */
  readonly later: (() => void)[] = [];
  /** Ends each pause. */
  readonly paused: (() => void)[] = [];
  readonly #seed: number;
  readonly #session: Session;
  readonly #tape: Tape;
  readonly #moods: Moods;
  readonly #isOver: () => boolean;
  readonly #mayRead: () => boolean;
  #asked = 0;

  constructor(seed: number, session: Session, tape: Tape, { isOver, mayRead, moods }: Connected) {
    this.#seed = seed;
    this.#session = session;
    this.#tape = tape;
    this.#moods = moods;
    this.#isOver = isOver;
    this.#mayRead = mayRead;
    this.observer = this.#observe(session);
    this.faults = { take: ({ proposal }) => this.#script(proposal.step) };
  }

  connect(): MaybeLater<Answer> {
    this.#noteIfOver('connect');
    return this.#answer('connect', 8);
  }

  secured(): MaybeLater<Answer> {
    // Under TLS it is the second half of the question before the greeting, whose first half may have been answered too late.
    if (!this.#tape.setting.surroundings.secure) this.#noteIfOver('secured');
    return this.#answer('secured', 3);
  }

  hello({ name }: { readonly name: string }): MaybeLater<Answer> {
    this.#noteIfOver('hello');
    return this.#answer(name, 6);
  }

  auth({ username, verify }: Parameters<NonNullable<SessionHandler['auth']>>[0]): MaybeLater<Answer> {
    this.#noteIfOver('auth');
    return verify?.('pencil') === false ? reply(535, '5.7.8', 'No') : this.#answer(username, 2);
  }

  mail(path: Parameters<NonNullable<SessionHandler['mail']>>[0]): MaybeLater<Answer> {
    this.#noteIfOver('mail');
    return this.#answer(path?.address ?? '', 4);
  }

  rcpt({ address }: Parameters<NonNullable<SessionHandler['rcpt']>>[0]): MaybeLater<Answer> {
    this.#noteIfOver('rcpt');
    return this.#answer(address, 3);
  }

  xclient(): MaybeLater<Answer> {
    this.#noteIfOver('xclient');
    return this.#answer('xclient', 3);
  }

  xforward(): MaybeLater<Answer> {
    this.#noteIfOver('xforward');
    return this.#answer('xforward', 3);
  }

  body(resume: () => void, transfer: Transfer): BodySink {
    this.#noteIfOver('body');
    this.#moods.mayFail('body');
    const record: SinkRecord = { transfer, content: '', size: undefined, refusals: [], calls: [] };
    this.#tape.sinks.push(record);
    /** Pieces since a pause was asked for: one may be on its way. */
    let unwanted = Number.NEGATIVE_INFINITY;
    const goOn = (): void => {
      unwanted = Number.NEGATIVE_INFINITY;
      resume();
    };
    return {
      write: (piece) => {
        this.#noteIfOver('write');
        if (++unwanted > 1) this.#tape.tooEarly.push('content');
        record.content += piece.toString('latin1');
        this.#moods.mayFail('write');
        const mood = this.#moods.write();
        if (mood === 'pauses') {
          this.paused.push(goOn);
          unwanted = Math.max(unwanted, 0);
        }
        if (mood === 'pauses and resumes') goOn();
        return mood === 'glad';
      },
      end: (recipients, size) => {
        this.#noteIfOver('end');
        record.calls.push('end');
        record.size = size;
        return this.#answerEnd(recipients, record);
      },
      abort: () => {
        record.calls.push('abort');
        this.#moods.mayFail('abort');
      },
      flushed: () => {
        record.calls.push('flushed');
        this.#moods.mayFail('flushed');
      },
    };
  }

  /** For everybody, for each, or for fewer than there are. */
  #answerEnd(remaining: readonly Recipient[], record: SinkRecord): MaybeLater<Answer | readonly Answer[]> {
    const prng = this.#draw('end');
    const { policy, transaction } = this.#session;
    const due = policy.protocol === 'lmtp' ? transaction!.recipients : remaining.slice(0, 1);
    if (this.#seed === 0) return undefined;
    const answer = (): Answer => (prng.oneIn(3) ? prng.pick(ANSWERS) : undefined);
    const answers = prng.oneIn(3) ? answer() : Array.from({ length: prng.below(remaining.length + 2) }, answer);
    record.refusals = due.map((recipient) => {
      const index = remaining.indexOf(recipient);
      const own = isList(answers) ? answers[index] : answers;
      return index !== -1 && own !== undefined && isRefusal(own) ? own.code : undefined;
    });
    return this.#inTime(prng, () => answers);
  }

  #answer(about: string, often: number): MaybeLater<Answer> {
    const prng = this.#draw(about);
    if (this.#seed === 0) return undefined;
    if (prng.oneIn(24)) return this.#inTime(prng, fail);
    const answer = prng.oneIn(often) ? prng.pick(ANSWERS) : undefined;
    return this.#inTime(prng, () => answer);
  }

  #inTime<T>(prng: Prng, tell: () => T): MaybeLater<T> {
    if (prng.oneIn(2)) return tell();
    const answer = new Later<T>();
    this.later.push(() => answer.settle(tell));
    return answer;
  }

  #script(step: string): Reply | undefined {
    this.#noteIfOver('script');
    if (this.#seed % 3 !== 1) return undefined;
    const prng = this.#draw(step);
    // What few sessions come to is answered so most often.
    const often = step === 'bdat' || step === 'end-of-data' ? 3 : 12;
    // A greeting is one, or a refusal: 3yz would be neither, and lead nowhere.
    return prng.oneIn(often) ? prng.pick(step === 'connect' ? ANSWERS : SCRIPTED) : undefined;
  }

  #draw(about: string): Prng {
    return new Prng(hashOf(about, this.#seed + this.#asked++));
  }

  #noteIfOver(call: string): void {
    if (this.#isOver()) this.#tape.afterClose.push(call);
  }

  #observe(session: Session): SessionObserver {
    const tape = this.#tape;
    let phase = session.phase;
    let recipients = 0;
    return {
      received: (received) => {
        this.#noteIfOver('received');
        if (!this.#mayRead()) tape.tooEarly.push(received);
        // A handshake moves a session too.
        phase = session.phase;
        tape.events.push({ received, phase });
        this.#moods.mayFail('received');
      },
      replied: (proposal, replies) => {
        this.#noteIfOver('replied');
        const after = session.phase;
        const refusals = proposal.step === 'end-of-data' ? (tape.sinks.at(-1)?.refusals ?? []) : [];
        tape.events.push({
          proposal,
          replies,
          before: phase,
          after,
          recipients,
          refusals,
          inconsistency: inconsistency(session),
        });
        phase = after;
        recipients = session.transaction?.recipients.length ?? 0;
        this.#moods.mayFail('replied');
      },
      failed: (error) => void tape.failed.push(error),
    };
  }
}

function isList(answers: Answer | readonly Answer[]): answers is readonly Answer[] {
  return Array.isArray(answers);
}

function fail(): never {
  throw new OnPurpose('answer');
}
