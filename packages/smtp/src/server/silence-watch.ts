// Who was not heard for too long: one timer for all connections of a listener, set for the one that is silent longest.
import type { Clock } from './clock.ts';

/** Somebody of whom something is to be heard now and then. */
export interface Watched {
  /** When that was the last time, by the clock. Only the watch sets it. */
  heardAt: number;
  /** Nothing was heard for too long, and the watch is over. */
  silent(): void;
}

export class SilenceWatch {
  readonly #clock: Clock;
  readonly #timeout: number;
  /** Whoever is silent longest comes first. */
  readonly #watched = new Set<Watched>();
  #cancel: (() => void) | undefined;

  /** @param timeout milliseconds without `heard`, after which somebody is told that he is silent. */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock;
    this.#timeout = timeout;
  }

  /** Begins to watch, or begins anew. */
  watch(one: Watched): void {
    this.#watched.delete(one);
    this.#queue(one);
    if (this.#cancel === undefined) this.#arm();
  }

  /** Something was heard; it is of no account where nobody watches. */
  heard(one: Watched): void {
    if (this.#watched.delete(one)) this.#queue(one);
  }

  /** Watches no more. */
  leave(one: Watched): void {
    this.#watched.delete(one);
    if (this.#watched.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #queue(one: Watched): void {
    one.heardAt = this.#clock.now();
    this.#watched.add(one);
  }

  #arm(): void {
    const [first] = this.#watched;
    const left = first && first.heardAt + this.#timeout - this.#clock.now();
    this.#cancel = left === undefined ? undefined : this.#clock.after(left, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    const isSilent = ({ heardAt }: Watched): boolean => heardAt + this.#timeout <= now;
    const silent: Watched[] = [];
    for (const one of this.#watched) {
      if (!isSilent(one)) break;
      silent.push(one);
    }
    try {
      // Who is told may have others heard, or have them go.
      for (const one of silent) if (isSilent(one) && this.#watched.delete(one)) one.silent();
    } finally {
      this.#cancel?.();
      this.#arm();
    }
  }
}
