// The type of `expect`: Playwright's, with the matchers for mail on what can be their subject.
import type {
  AsymmetricMatcher,
  Inbox,
  Message,
  RecordedSession,
  RecordedTransaction,
  TestSmtp,
} from '@mailrig/fixture';
import type { AsyncMatcher, MailMatchers } from '@mailrig/matchers';
import type { Expect, MatcherReturnType } from '@playwright/test';

/**
 * Playwright's `expect` with the matchers of `@mailrig/matchers`. They are there where the subject is one of theirs, and `toHaveText` of a
 * locator stays Playwright's. What `soft`, `configure` and `extend` return has them too.
 */
export type MailExpect = AsymmetricMatchers & Expect<MailMatcherFunctions>;

/** What most matchers take. */
export type MailSubject = Inbox | Message | RecordedSession | RecordedTransaction | TestSmtp;

/** The matchers in the form that `expect.extend` of Playwright takes, each with its subject. */
export type MailMatcherFunctions = {
  readonly [Name in keyof MailMatchers<void>]: (
    // What an index may not find, as in `mail.messages[0]`, the matcher refuses in its own words.
    received: SubjectOf<Name> | undefined,
    ...args: Parameters<MailMatchers<void>[Name]>
  ) => Name extends AsyncMatcher ? Promise<MatcherReturnType> : MatcherReturnType;
};

type SubjectOf<Name> = Name extends 'toReceiveMessage' | 'toHaveUsedAllFaults' ? Inbox | TestSmtp : MailSubject;

/** Those of Playwright, as patterns of ours, and ours, except those that wait. */
interface AsymmetricMatchers
  extends AsPatterns<Pick<Expect, 'any' | 'anything' | keyof Expect['not']>>, AsymmetricMailMatchers {
  readonly not: AsPatterns<Expect['not']> & AsymmetricMailMatchers;
}

type AsymmetricMailMatchers = Omit<MailMatchers<PatternObject>, AsyncMatcher>;

/** Playwright's type of an asymmetric matcher does not tell that it is one. */
type AsPatterns<Factories> = {
  readonly [Name in keyof Factories]: Factories[Name] extends (...args: infer Args) => unknown
    ? (...args: Args) => PatternObject
    : never;
};

type PatternObject = AsymmetricMatcher & Record<string, unknown>;
