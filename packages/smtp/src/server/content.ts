// The content of one message on its way to the application: octets go in, and the wish to pause comes out.
import type { Recipient } from '../session/state.ts';
import type { Answer, BodySink, MaybeLater, SessionHandler, Transfer } from './handler.ts';

export class Content {
  /** Told when what is written has left the process; `null` where nobody wants the content. */
  readonly sink: BodySink | null;
  #paused = false;
  #resumes = 0;
  #over = false;

  constructor(handler: SessionHandler, transfer: Transfer, resumed: () => void) {
    const resume = (): void => {
      // Somebody may be done with a body when the next one is coming in already, which others have paused.
      if (this.#over) return;
      this.#resumes++;
      this.#paused = false;
      resumed();
    };
    this.sink = handler.body?.(resume, transfer) ?? null;
    this.#paused = this.#resumes === 0 && this.sink?.paused === true;
  }

  /** Whether no more is wanted for now. */
  get paused(): boolean {
    return this.#paused;
  }

  write(piece: Buffer, dotted?: boolean): void {
    const resumes = this.#resumes;
    // A sink may ask to go on before its `write` has returned.
    if (this.sink?.write(piece, dotted) === false && resumes === this.#resumes) this.#paused = true;
  }

  end(recipients: readonly Recipient[], size: number): MaybeLater<Answer | readonly Answer[]> {
    this.#over = true;
    return this.sink?.end(recipients, size);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.sink?.abort();
  }
}
