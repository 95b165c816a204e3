// Handlers in three manners, callback, promise and plain value, as one.
import type { MaybeLater } from '../server/handler.ts';
import { isLater } from '../server/is-later.ts';
import type { SMTPServerCallback, SMTPServerError } from './types.ts';

/** How a handler ended: `failed` where it threw, or rejected, without saying by a `responseCode` that it means to refuse. */
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
  let repeated = false;
  let byReturning = false;
  const say = (first: Outcome<T>): void => {
    if (outcome !== undefined) return;
    outcome = first;
    settle?.(first);
  };
  const sayByCallback = (first: Outcome<T>): void => {
    const late = outcome !== undefined && !repeated;
    say(first);
    if (!late) return;
    repeated = true;
    report(answeredTwice(byReturning ? CALLED_LATE : CALLED_TWICE));
  };
  const fail = (error: unknown): void => {
    const refuses = hasResponseCode(error);
    const unheard = !refuses || outcome !== undefined;
    say({ kind: refuses ? 'refused' : 'failed', error });
    if (unheard) report(error);
  };
  const take = (value: unknown): void => {
    if (takesCallback || outcome !== undefined) return;
    byReturning = true;
    if (value === false) fail(returnedFalse());
    else say(isError(value) ? { kind: 'refused', error: value } : { kind: 'accepted', value: value as T | undefined });
  };
  try {
    const returned = call((error, value) =>
      sayByCallback(error ? { kind: 'refused', error } : { kind: 'accepted', value }),
    );
    if (isLater(returned)) returned.then(take, fail);
    else take(returned);
  } catch (error) {
    fail(error);
  }
  return outcome ?? new Promise((resolve) => (settle = resolve));
}

function hasResponseCode(error: unknown): boolean {
  try {
    return (error as SMTPServerError | null | undefined)?.responseCode !== undefined;
  } catch {
    return false;
  }
}

function answeredTwice(problem: string): Error {
  return Object.assign(new Error(`A handler ${problem}`), { code: 'ERR_MAILRIG_ANSWERED_TWICE' });
}

/** Whether it is meant as a refusal would be a guess. */
function returnedFalse(): Error {
  const problem = 'A handler returned false. To refuse, throw an error with a responseCode; to accept, return nothing.';
  return Object.assign(new Error(problem), { code: 'ERR_MAILRIG_RETURNED_FALSE' });
}

/** Not `instanceof`: a test runner's sandbox has an Error of its own. */
export function isError(value: unknown): value is Error {
  return Object.prototype.toString.call(value) === '[object Error]';
}

const CALLED_TWICE = 'called its callback more than once. What it said first holds; call it once.';
const CALLED_LATE =
  'called back after it had answered by what it returned. Declare the callback as its last parameter.';
