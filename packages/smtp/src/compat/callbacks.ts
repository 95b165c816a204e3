// Handlers in three manners, callback, promise and plain value, as one.
import type { MaybeLater } from '../server/handler.ts';
import { isLater } from '../server/is-later.ts';
import type { SMTPServerCallback } from './types.ts';

/** How a handler ended: `failed` where it threw or rejected although it has a callback to refuse by. */
export type Outcome<T> =
  | { readonly kind: 'accepted'; readonly value: T | undefined }
  | { readonly kind: 'refused' | 'failed'; readonly error: unknown };

/**
 * What a handler says first, at once where it says it at once. One that takes the callback is waited for, whatever it returns;
 * one that does not has said what it returns. `report` is told of what is thrown by a mistake: nobody else would hear of it.
 */
export function outcomeOf<T>(
  call: (callback: SMTPServerCallback<T>) => unknown,
  takesCallback: boolean,
  report: (error: unknown) => void,
): MaybeLater<Outcome<T>> {
  let outcome: Outcome<T> | undefined;
  let settle: ((first: Outcome<T>) => void) | undefined;
  const say = (first: Outcome<T>): void => {
    if (outcome !== undefined) return;
    outcome = first;
    settle?.(first);
  };
  const fail = (error: unknown): void => {
    if (takesCallback || outcome !== undefined) report(error);
    say({ kind: takesCallback ? 'failed' : 'refused', error });
  };
  const accept = (value: unknown): void => {
    if (!takesCallback) say({ kind: 'accepted', value: value as T | undefined });
  };
  try {
    const returned = call((error, value) => say(error ? { kind: 'refused', error } : { kind: 'accepted', value }));
    if (isLater(returned)) returned.then(accept, fail);
    else accept(returned);
  } catch (error) {
    fail(error);
  }
  return outcome ?? new Promise((resolve) => (settle = resolve));
}

/** Goes on at once where a value is there, and later where it is not. */
export function whenKnown<T, R>(value: MaybeLater<T>, next: (value: T) => R): MaybeLater<R> {
  return isLater(value) ? value.then(next) : next(value);
}
