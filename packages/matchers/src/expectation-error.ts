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

/** A value that was refused, on one line. Of an object only that it is one: it may be a whole server. */
export function describeGiven(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (types.isPromise(value)) return 'a promise';
  return typeof value === 'object' && value !== null ? 'an object' : describeValue(value);
}
