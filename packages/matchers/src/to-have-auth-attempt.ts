import type { AuthAttempt, Pattern } from '@mailrig/fixture';
import { checksOf, type Check } from './check.ts';
import { judge } from './claim.ts';
import { BOOLEAN, isEmpty, PATTERN, validateExpectation, type Fields } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { missingAuthAttempts } from './missing.ts';
import { replyText } from './reply-text.ts';
import { sessionsOf, subjectOf } from './subject.ts';

/** What an AUTH command must be like; every field given must match. */
export interface AuthAttemptExpectation {
  /** The SASL mechanism, a string in any case. */
  readonly mechanism?: Pattern;
  /** The authentication identity. */
  readonly username?: Pattern;
  /** The password or token. No failure shows it. */
  readonly secret?: Pattern;
  /** Whether the exchange ran under TLS. */
  readonly secure?: boolean;
  readonly accepted?: boolean;
}

export function toHaveAuthAttempt(
  this: MatcherContext,
  received: unknown,
  expected: AuthAttemptExpectation = {},
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateExpectation(MATCHER, expected, FIELDS, MISNOMERS);
  const candidates = sessionsOf(subject).flatMap((session) =>
    session.authAttempts.map((attempt, index) => ({
      name: `AUTH attempt ${index + 1} of session ${session.number}`,
      session,
      received: shownAttempt(attempt),
      checks: compare(expected, attempt),
    })),
  );
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: isEmpty(expected) ? [] : ['expected'],
    noun: 'AUTH attempt',
    expected: shownExpectation(expected),
    candidates,
    undecided: missingAuthAttempts(subject),
  });
}

const MATCHER = 'toHaveAuthAttempt';

// The secret last: it is the first difference only where it is the only one.
const FIELDS: Fields<AuthAttemptExpectation> = {
  mechanism: PATTERN,
  username: PATTERN,
  secure: BOOLEAN,
  accepted: BOOLEAN,
  secret: { ...PATTERN, isSecret: true },
};
/** In nodemailer's options. */
const MISNOMERS = { user: 'username', pass: 'secret', password: 'secret' } as const;

function compare(expected: AuthAttemptExpectation, attempt: AuthAttempt): readonly Check[] {
  const { mechanism } = expected;
  // RFC 4422 §3.1: the names of mechanisms are upper case.
  const comparable = typeof mechanism === 'string' ? { ...expected, mechanism: mechanism.toUpperCase() } : expected;
  return checksOf(comparable, attempt, FIELDS).map((check) =>
    check.field === 'secret' ? { field: 'the secret, which is not shown', holds: check.holds } : check,
  );
}

function shownAttempt({ mechanism, username, secure, accepted, reply }: AuthAttempt): object {
  return { mechanism, username, secure, accepted, reply: replyText(reply) };
}

function shownExpectation(expected: AuthAttemptExpectation): object {
  return expected.secret === undefined ? expected : { ...expected, secret: '********' };
}
