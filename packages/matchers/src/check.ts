// One field of what is expected, held against what was recorded.
import { matchesAddress, matchesPattern, type Pattern } from '@mailrig/fixture';
import { excerptOf, placeOf } from './excerpt.ts';
import type { Fields } from './expectation.ts';

export interface Check {
  readonly field: string;
  readonly holds: boolean;
  /** Absent where they are not to be shown. */
  readonly values?: { readonly expected: unknown; readonly received: unknown };
  /** Lines on what was likely meant. */
  readonly advice?: readonly string[];
}

export function checkOf(field: string, expected: Pattern | boolean | null, received: unknown): Check {
  const holds = matchesPattern(expected, received);
  if (holds || typeof expected !== 'string' || typeof received !== 'string') {
    return { field, holds, values: { expected, received } };
  }
  const isPart = expected !== '' && received.includes(expected);
  const place = placeOf(expected, received);
  const values = { expected: excerptOf(expected, isPart ? 0 : place), received: excerptOf(received, place) };
  return isPart ? { field, holds, values, advice: PART_IS_MEANT } : { field, holds, values };
}

const PART_IS_MEANT: readonly string[] = [
  'A string must match whole. For a part of it write a RegExp or expect.stringContaining(…).',
];

/** A mailbox held against a pattern for it. */
export function addressCheckOf(field: string, expected: Pattern | null, received: string | null): Check {
  return { field, holds: matchesAddress(expected, received), values: { expected, received } };
}

/** Each field of an expectation, against the fact of the same name. */
export function checksOf<Expectation extends { readonly [Field in keyof Expectation]?: Pattern | boolean | null }>(
  expectation: Expectation,
  facts: { readonly [Field in keyof Expectation]-?: unknown },
  fields: Fields<Expectation>,
): readonly Check[] {
  return (Object.keys(fields) as (keyof Expectation & string)[]).flatMap((field) => {
    const expected = expectation[field];
    return expected === undefined ? [] : [checkOf(field, expected, facts[field])];
  });
}
