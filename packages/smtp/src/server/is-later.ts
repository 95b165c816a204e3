import type { MaybeLater } from './handler.ts';

/** Whether an answer is still to come. */
export function isLater<T>(value: MaybeLater<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}
