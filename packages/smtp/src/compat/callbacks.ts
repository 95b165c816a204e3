// Handlers in three manners, callback, promise and plain value, as one.

/** A handler with its arguments bound: takes the callback, may return something. */
export type BoundHandler<T> = (callback: (error?: Error | null, value?: T) => void) => T | PromiseLike<T> | void;

/**
 * Settles once with what the handler says first. One that takes the callback is waited for; one that does not has said what
 * it returns.
 */
export function answerOf<T>(handler: BoundHandler<T>, takesCallback: boolean): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const returned = handler((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
    if (isThenable(returned)) {
      returned.then((value) => {
        if (value !== undefined || !takesCallback) resolve(value);
      }, reject);
    } else if (returned !== undefined || !takesCallback) {
      resolve(returned as T | undefined);
    }
  });
}

function isThenable<T>(value: T | PromiseLike<T> | void): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}
