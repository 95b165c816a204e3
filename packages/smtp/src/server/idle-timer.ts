// How long nothing was heard. One timer, set anew only when it fires: what the client sends costs a look at the clock, no timer.
import type { Clock } from './clock.ts';

export class IdleTimer {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #whenIdle: () => void;
  #heardAt: number;
  #cancel: () => void;

  /** @param timeout milliseconds without `heard`, after which `whenIdle` is called. */
  constructor(clock: Clock, timeout: number, whenIdle: () => void) {
    this.#clock = clock;
    this.#timeout = timeout;
    this.#whenIdle = whenIdle;
    this.#heardAt = clock.now();
    this.#cancel = clock.after(timeout, this.#look);
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** Waits as long once more, whatever was heard. */
  restart(): void {
    this.heard();
    this.#cancel = this.#clock.after(this.#timeout, this.#look);
  }

  /** Nothing that is heard counts any more: in so many milliseconds it is over. */
  end(milliseconds: number, over: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.after(milliseconds, over);
  }

  stop(): void {
    this.#cancel();
  }

  readonly #look = (): void => {
    const left = this.#heardAt + this.#timeout - this.#clock.now();
    if (left > 0) this.#cancel = this.#clock.after(left, this.#look);
    else this.#whenIdle();
  };
}
