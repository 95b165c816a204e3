import { isPattern, type AsymmetricMatcher, type ClosedBy, type Pattern, type RecordedSession } from '@mailrig/fixture';
import { checkOf, type Check } from './check.ts';
import { judge } from './claim.ts';
import { oneOf, validateArgument, type FieldType } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { describeOpen, missingSessions } from './missing.ts';
import { sessionsOf, subjectOf } from './subject.ts';

export function toHaveClosedBy(
  this: MatcherContext,
  received: unknown,
  closedBy: ClosedBy | RegExp | AsymmetricMatcher,
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateArgument(MATCHER, 'argument', closedBy, CLOSED_BY);
  const sessions = sessionsOf(subject);
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: ['closedBy'],
    noun: 'end',
    expected: { closedBy },
    candidates: sessions.map((session) => ({
      name: `session ${session.number}`,
      session,
      received: { closedBy: session.closedBy, problem: session.problem },
      checks: [compare(closedBy, session)],
    })),
    undecided:
      describeOpen(
        subject,
        sessions.filter((session) => session.closedBy === null),
      ) ?? missingSessions(subject),
  });
}

const MATCHER = 'toHaveClosedBy';

const WORDS = oneOf(...(['quit', 'client', 'server', 'reset', 'timeout'] satisfies readonly ClosedBy[]));

const CLOSED_BY: FieldType = {
  name: `${WORDS.name}, or a RegExp or an asymmetric matcher`,
  accepts: (value) => (typeof value === 'string' ? WORDS.accepts(value) : isPattern(value)),
};

/** Who has not closed yet is nothing that could match. */
function compare(expected: Pattern, { closedBy }: RecordedSession): Check {
  const check = checkOf('closedBy', expected, closedBy);
  return { ...check, holds: check.holds && closedBy !== null };
}
