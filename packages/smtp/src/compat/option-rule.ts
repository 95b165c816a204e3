// What the rules for options have in common.
import { inspect } from 'node:util';

/** What is wrong with an option's value, and what to do; `undefined` where nothing is. */
export type Rule = (value: unknown) => string | undefined;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value, briefly. */
export function showValue(value: unknown): string {
  return inspect(value, { depth: -1, maxStringLength: 40, customInspect: false });
}

/** The first problem that one of the values has. */
export function findProblem<T>(values: Iterable<T>, problemOf: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const problem = problemOf(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The first that was there before. */
export function findRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
