// Answers that are there, and answers that are still to come.
import type { MaybeLater } from './handler.ts';

/** Whether an answer is still to come. */
export function isLater<T>(value: MaybeLater<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}

/** Goes on at once where a value is there, and later where it is not. */
export function whenKnown<T, R>(value: MaybeLater<T>, next: (value: T) => MaybeLater<R>): MaybeLater<R> {
  return isLater(value) ? value.then(next) : next(value);
}
