// The matchers as `expect.extend` wants them: an asymmetric one, as in `toEqual([expect.toHaveSubject('Welcome')])`, is asked about anything.
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { isMisfit } from './subject.ts';

/** As an asymmetric matcher each agrees with nothing that it does not fit, such as what is missing in a list: the runner shows the difference. */
export function asExtension<Matchers extends object>(matchers: Matchers): Matchers {
  const entries = Object.entries(matchers as Readonly<Record<string, Matcher>>);
  return Object.fromEntries(entries.map(([name, matcher]) => [name, tolerant(matcher)])) as Matchers;
}

type Matcher = (
  this: MatcherContext,
  received: unknown,
  ...args: readonly unknown[]
) => MatcherResult | Promise<MatcherResult>;

function tolerant(matcher: Matcher): Matcher {
  return function (received, ...args) {
    try {
      return matcher.call(this, received, ...args);
    } catch (error) {
      if (this.promise !== undefined || !isMisfit(error)) throw error;
      return { pass: this.isNot === true, message: () => (error as Error).message };
    }
  };
}
