import { describeFault, failureText, indent, plural, type Assertion } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { sessionsOf, sourceOf, type Source } from './subject.ts';

export function toHaveUsedAllFaults(this: MatcherContext, received: unknown): MatcherResult {
  const subject = sourceOf(MATCHER, received);
  // Without a fault both the assertion and its opposite would hold of anything.
  if (subject.faults.length === 0) {
    return { pass: this.isNot === true, message: () => describe(this, subject, describeAbsence(subject), []) };
  }
  const unused = subject.faults.unused();
  const summary = unused.length === 0 ? 'all of them used' : `${unused.length} not used up`;
  const count = `${plural(subject.faults.length, 'fault')}, ${summary}`;
  return { pass: unused.length === 0, message: () => describe(this, subject, count, unused) };
}

const MATCHER = 'toHaveUsedAllFaults';

function describeAbsence(subject: Source): string {
  return `no fault: none was injected${subject.kind === 'inbox' ? ` for ${subject.address}` : ''}`;
}

function describe(
  context: MatcherContext,
  subject: Source,
  received: string,
  unused: ReturnType<Source['faults']['unused']>,
): string {
  const assertion: Assertion = { matcher: MATCHER, subject, args: [] };
  return failureText(context, assertion, {
    expected: context.isNot === true ? 'a fault that is not used up' : 'every fault used up',
    received,
    nearest: unused.length === 0 ? [] : ['Not used up:', ...unused.map(describeFault).map(indent)],
    session: sessionsOf(subject).at(-1),
  });
}
