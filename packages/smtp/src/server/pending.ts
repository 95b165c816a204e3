// What follows from an answer that is still to come. A chain of promises would say the same, a turn of the microtask queue
// later for each link.

export class Pending<T> {
  /** Calls `next` once the answer is there, or has failed to come; what follows from it is drawn by who asks for it, and may throw. */
  readonly settle: (next: (conclude: () => T) => void) => void;

  constructor(settle: (next: (conclude: () => T) => void) => void) {
    this.settle = settle;
  }

  /** The same, with what follows from what follows. */
  followedBy<U>(conclude: (conclusion: T) => U): Pending<U> {
    return new Pending((next) => this.settle((first) => next(() => conclude(first()))));
  }
}
