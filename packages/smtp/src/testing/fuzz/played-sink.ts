// Takes a body, and puts on tape what becomes of it. It may let others wait, and put an end to everything.
import type { Answer, BodySink, MaybeLater, Transfer } from '../../server/handler.ts';
import type { Recipient } from '../../session/state.ts';
import type { Prng } from './prng.ts';
import { noteIfOver, type AbruptEnd, type Stage } from './stage.ts';
import type { SinkRecord } from './tape.ts';

/** What a sink needs of its application. */
export interface SinkOwner {
  /** Answers for a body that is whole. */
  readonly answer: (recipients: readonly Recipient[], record: SinkRecord) => MaybeLater<Answer | readonly Answer[]>;
  /** Lets somebody wait until that is called. */
  readonly pause: (goOn: () => void) => void;
}

const ENDS: readonly AbruptEnd[] = ['stall', 'expel', 'cut by fin', 'cut by rst'];

export class PlayedSink implements BodySink {
  readonly paused: boolean;
  readonly #stage: Stage;
  readonly #owner: SinkOwner;
  readonly #resume: () => void;
  readonly #record: SinkRecord;
  /** Pieces that may still come after a pause was asked for. */
  #wanted = Infinity;

  constructor(stage: Stage, owner: SinkOwner, resume: () => void, transfer: Transfer) {
    this.#stage = stage;
    this.#owner = owner;
    this.#resume = resume;
    const end = stage.draws.isTroubled ? drawEnd(stage.draws.about('sink')) : undefined;
    this.#record = { transfer, content: '', end, size: undefined, refusals: [], calls: [], isPaused: false };
    stage.tape.sinks.push(this.#record);
    this.paused = this.#asksToWait(0);
    this.#mayEnd('body');
  }

  write(piece: Buffer): boolean {
    const { moods, tape } = this.#stage;
    noteIfOver(this.#stage, 'write');
    if (this.#wanted-- === 0) tape.tooEarly.push('content');
    this.#record.content += piece.toString('latin1');
    moods.mayFail('write');
    this.#mayEnd('write');
    // What might have been the end of a body comes as a piece of its own, before another one.
    return !this.#asksToWait(this.#record.transfer === 'DATA' ? 1 : 0);
  }

  end(recipients: readonly Recipient[], size: number): MaybeLater<Answer | readonly Answer[]> {
    noteIfOver(this.#stage, 'end');
    this.#record.calls.push('end');
    this.#record.size = size;
    this.#mayEnd('end');
    return this.#owner.answer(recipients, this.#record);
  }

  abort(): void {
    this.#record.calls.push('abort');
    this.#stage.moods.mayFail('abort');
  }

  flushed(): void {
    this.#record.calls.push('flushed');
    if (!this.#stage.isOver()) this.#record.told = this.#stage.left();
    this.#stage.moods.mayFail('flushed');
  }

  #asksToWait(onItsWay: number): boolean {
    const patience = this.#stage.moods.patience();
    if (patience === 'pauses') {
      this.#owner.pause(() => this.#goOn());
      this.#wanted = Math.min(this.#wanted, onItsWay);
      this.#record.isPaused = true;
    }
    if (patience === 'pauses and resumes') this.#goOn();
    return patience !== 'glad';
  }

  #goOn(): void {
    this.#wanted = Infinity;
    this.#record.isPaused = false;
    this.#resume();
  }

  #mayEnd(call: 'body' | 'write' | 'end'): void {
    const { content, end } = this.#record;
    if (end === undefined || this.#stage.isOver()) return;
    if (call === 'write' ? content.length >= end.at : end.at === AT[call]) this.#stage.putAnEnd(end.how);
  }
}

/** Places that are no octet of the content. */
const AT = { body: -1, end: Infinity } as const;

/** Octets, and not pieces: those come otherwise in every manner. */
function drawEnd(prng: Prng): SinkRecord['end'] {
  if (!prng.oneIn(4)) return undefined;
  return { at: prng.pick([AT.body, 1, 2, 6, 20, AT.end, AT.end]), how: prng.pick(ENDS) };
}
