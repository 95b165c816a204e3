// An application that answers anything at any time: what it says is drawn from whom it is asked about, and how often it was asked.
import type { Answer, BodySink, MaybeLater, SessionHandler, SessionObserver, Transfer } from '../../server/handler.ts';
import type { Recipient } from '../../session/state.ts';
import { isRefusal, reply } from '../../wire/reply.ts';
import { ANSWERS } from './answers.ts';
import { DrawnScript } from './drawn-script.ts';
import { Later } from './later.ts';
import { OnPurpose } from './on-purpose.ts';
import { PlayedSink } from './played-sink.ts';
import type { Prng } from './prng.ts';
import { noteIfOver, type Stage } from './stage.ts';
import type { SinkRecord } from './tape.ts';
import { tapingObserver } from './taping-observer.ts';

export class Application implements SessionHandler {
  readonly faults: DrawnScript;
  readonly observer: SessionObserver;
  /** Settles each answer that is awaited. */
  readonly later: (() => void)[] = [];
  /** Ends each pause. */
  readonly paused: (() => void)[] = [];
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.faults = new DrawnScript(stage);
    this.observer = tapingObserver(stage, this.faults);
  }

  connect(): MaybeLater<Answer> {
    this.#noteIfInVain('connect');
    return this.#answer('connect', 8);
  }

  secured(): MaybeLater<Answer> {
    // Under TLS it is the second half of the question before the greeting, whose first half may have been answered too late.
    if (!this.#stage.tape.setting.surroundings.secure) this.#noteIfInVain('secured');
    return this.#answer('secured', 3);
  }

  hello({ name }: { readonly name: string }): MaybeLater<Answer> {
    this.#noteIfInVain('hello');
    return this.#answer(name, 6);
  }

  auth({ username, verify }: Parameters<NonNullable<SessionHandler['auth']>>[0]): MaybeLater<Answer> {
    this.#noteIfInVain('auth');
    return verify?.('pencil') === false ? reply(535, '5.7.8', 'No') : this.#answer(username, 2);
  }

  mail(path: Parameters<NonNullable<SessionHandler['mail']>>[0]): MaybeLater<Answer> {
    this.#noteIfInVain('mail');
    return this.#answer(path?.address ?? '', 4);
  }

  rcpt({ address }: Parameters<NonNullable<SessionHandler['rcpt']>>[0]): MaybeLater<Answer> {
    this.#noteIfInVain('rcpt');
    return this.#answer(address, 3);
  }

  xclient(): MaybeLater<Answer> {
    this.#noteIfInVain('xclient');
    return this.#answer('xclient', 3);
  }

  xforward(): MaybeLater<Answer> {
    this.#noteIfInVain('xforward');
    return this.#answer('xforward', 3);
  }

  body(resume: () => void, transfer: Transfer): BodySink {
    noteIfOver(this.#stage, 'body');
    this.#stage.moods.mayFail('body');
    const owner = {
      answer: (recipients: readonly Recipient[], record: SinkRecord) => this.#answerEnd(recipients, record),
      pause: (goOn: () => void) => void this.paused.push(goOn),
    };
    return new PlayedSink(this.#stage, owner, resume, transfer);
  }

  /** For everybody, for each, or for fewer than there are. */
  #answerEnd(remaining: readonly Recipient[], record: SinkRecord): MaybeLater<Answer | readonly Answer[]> {
    const { draws, session, tape } = this.#stage;
    if (remaining.some((recipient) => this.faults.silences(recipient))) tape.askedInVain.push('end');
    const prng = draws.about('end');
    // Where the session has been ended meanwhile nobody is left.
    const all = session.transaction?.recipients ?? remaining;
    const due = session.policy.protocol === 'lmtp' ? all : remaining.slice(0, 1);
    if (draws.isPlain) return undefined;
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
    const { draws } = this.#stage;
    const prng = draws.about(about);
    if (draws.isPlain) return undefined;
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

  #noteIfInVain(call: string): void {
    noteIfOver(this.#stage, call);
    if (this.faults.silences()) this.#stage.tape.askedInVain.push(call);
  }
}

function isList(answers: Answer | readonly Answer[]): answers is readonly Answer[] {
  return Array.isArray(answers);
}

function fail(): never {
  throw new OnPurpose('answer');
}
