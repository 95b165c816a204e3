// Pattern: how a string, a RegExp or an asymmetric matcher is held against a value, and how each is printed.
import { inspect, types } from 'node:util';
import type { AsymmetricMatcher, Pattern } from '@mailrig/fixture';

/** Whether a value from a caller without types is a {@link Pattern}. */
export function isPattern(value: unknown): value is Pattern {
  return typeof value === 'string' || types.isRegExp(value) || isAsymmetricMatcher(value);
}

/** A boolean or `null` matches itself only. */
export function matchesPattern(pattern: Pattern | boolean | null, received: unknown): boolean {
  if (isAsymmetricMatcher(pattern)) return pattern.asymmetricMatch(received);
  if (!types.isRegExp(pattern)) return received === pattern;
  // Unlike test(), search() neither heeds nor moves the lastIndex of a global or sticky RegExp.
  return typeof received === 'string' && received.search(pattern) !== -1;
}

/** Any value on one line, long ones cut: `stringify` of the runners differs from one to the other. */
export function describeValue(value: unknown): string {
  return inspect(printable(value), { breakLength: Infinity, compact: true, maxArrayLength: 10, maxStringLength: 200 });
}

function isAsymmetricMatcher(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === 'object' && value !== null && typeof (value as AsymmetricMatcher).asymmetricMatch === 'function'
  );
}

/** The value with the asymmetric matchers in it printing as `StringContaining 'part'`, not as the objects that they are. */
function printable(value: unknown): unknown {
  if (isAsymmetricMatcher(value)) return { [inspect.custom]: () => describeAsymmetricMatcher(value) };
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value !== 'object' || value === null || types.isRegExp(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, printable(entry)]));
}

/** What the matchers of vitest and jest have besides. */
interface PrintableMatcher extends AsymmetricMatcher {
  readonly sample?: unknown;
  toAsymmetricMatcher?(): string;
}

function describeAsymmetricMatcher(matcher: PrintableMatcher): string {
  if (matcher.toAsymmetricMatcher !== undefined) return matcher.toAsymmetricMatcher();
  const name = String(matcher);
  if (name === String({})) return 'an asymmetric matcher';
  return matcher.sample === undefined ? name : `${name} ${describeValue(matcher.sample)}`;
}
