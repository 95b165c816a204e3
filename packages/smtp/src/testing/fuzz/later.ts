// An answer that comes when the player wants it: a promise's would come in a turn of its own.
import type { MaybeLater } from '../../server/handler.ts';
import { isLater } from '../../server/is-later.ts';

export class Later<T> implements PromiseLike<T> {
  #listeners: ((tell: () => T) => void)[] = [];

  /** Answers everybody who waits; `tell` throws where the answer is a rejection. */
  settle(tell: () => T): void {
    // A rejection that nobody handles would end the process.
    if (this.#listeners.length === 0) tell();
    for (const listener of this.#listeners.splice(0)) listener(tell);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is one
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Later<A | B> {
    const further = new Later<A | B>();
    this.#listeners.push((tell) => {
      let value: T;
      try {
        value = tell();
      } catch (error) {
        further.#follow(() => (onRejected ? onRejected(error) : rethrow(error)));
        return;
      }
      further.#follow(() => (onFulfilled ? onFulfilled(value) : (value as never)));
    });
    return further;
  }

  #follow(run: () => MaybeLater<T>): void {
    let value: MaybeLater<T>;
    try {
      value = run();
    } catch (error) {
      this.settle(() => rethrow(error));
      return;
    }
    if (isLater(value)) {
      void value.then(
        (there) => this.settle(() => there),
        (error: unknown) => this.settle(() => rethrow(error)),
      );
    } else {
      const there = value;
      this.settle(() => there);
    }
  }
}

function rethrow(error: unknown): never {
  throw error;
}
