import type { Pattern } from '@mailrig/fixture';
import { checkOf } from './check.ts';
import { excerptOf, placeOf } from './excerpt.ts';
import { PATTERN, validateArgument, type FieldType } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages } from './message-claim.ts';
import { subjectOf } from './subject.ts';

/** @param args The value; without one, any. One that is `undefined` was most likely not found. */
export function toHaveHeader(
  this: MatcherContext,
  received: unknown,
  name: string,
  ...args: readonly [value?: Pattern]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  const [expected] = args;
  validateArgument(MATCHER, 'name', name, FIELD_NAME);
  if (args.length > 0) validateArgument(MATCHER, 'value', expected, PATTERN);
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: ['name', ...(expected === undefined ? [] : ['value'])],
    noun: `${name} field`,
    expected: expected === undefined ? {} : { [name]: expected },
    about: 'header',
    findIn: (message) =>
      message.headerValues(name).map((value, index) => ({
        name: `${name} field ${index + 1}`,
        received: { [name]: excerptOf(value, placeOf(expected, value)) },
        checks: expected === undefined ? [] : [checkOf(name, expected, value)],
      })),
  });
}

const MATCHER = 'toHaveHeader';

/** RFC 5322 §2.2. */
const FIELD_NAME: FieldType = {
  name: "a field name such as 'List-Id', without its colon",
  accepts: (value) => typeof value === 'string' && /^[!-9;-~]+$/.test(value),
};
