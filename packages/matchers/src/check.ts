// One field of what is expected, held against what was recorded.
import { matchesPattern, type Pattern } from '@mailrig/fixture';
import type { Fields } from './expectation.ts';

export interface Check {
  readonly field: string;
  readonly holds: boolean;
  /** Absent where they are not to be shown. */
  readonly values?: { readonly expected: unknown; readonly received: unknown };
}

export function checkOf(field: string, expected: Pattern | boolean | null, received: unknown): Check {
  return { field, holds: matchesPattern(expected, received), values: { expected, received } };
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
