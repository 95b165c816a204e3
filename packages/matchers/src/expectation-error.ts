import { types } from 'node:util';
import { describeValue } from '@mailrig/fixture';

/** An assertion that can't be made: a subject that the matcher does not fit, or an expectation that can't be meant. */
export class ExpectationError extends TypeError {
  static {
    this.prototype.name = 'ExpectationError';
  }
  readonly code = 'ERR_MAILRIG_EXPECTATION';

  /** @param matcher For example `toHaveEnvelope`. */
  constructor(matcher: string, problem: string) {
    super(`${matcher}: ${problem}`);
  }
}

/** A value that was refused, on one line. Of an object only what it is one of: it may be a whole server. */
export function describeGiven(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (types.isPromise(value)) return 'a promise';
  if (typeof value !== 'object' || value === null) return describeValue(value);
  const name = classOf(value);
  return name === undefined ? 'an object' : `an instance of ${name}`;
}

/** For example `URL`; `undefined` for what is written `{ … }`, in any realm: jest has one for each file. */
export function classOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return undefined;
  return value.constructor.name;
}
