import type { TestSmtp } from '@mailrig/fixture';
import { describeFault, failureText, indent, plural, type Assertion } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { serverOf } from './subject.ts';

export function toHaveUsedAllFaults(this: MatcherContext, received: unknown): MatcherResult {
  const server = serverOf(MATCHER, received);
  // Without a fault both the assertion and its opposite would hold of anything.
  if (server.faults.length === 0) {
    return { pass: this.isNot === true, message: () => describe(this, server, 'no fault: none was injected', []) };
  }
  const unused = server.faults.unused();
  const summary = unused.length === 0 ? 'all of them used' : `${unused.length} not used up`;
  const count = `${plural(server.faults.length, 'fault')}, ${summary}`;
  return { pass: unused.length === 0, message: () => describe(this, server, count, unused) };
}

const MATCHER = 'toHaveUsedAllFaults';

function describe(
  context: MatcherContext,
  server: TestSmtp,
  received: string,
  unused: ReturnType<TestSmtp['faults']['unused']>,
): string {
  const assertion: Assertion = { matcher: MATCHER, subject: server, args: [] };
  return failureText(context, assertion, {
    expected: context.isNot === true ? 'a fault that is not used up' : 'every fault used up',
    received,
    nearest: unused.length === 0 ? [] : ['Not used up:', ...unused.map(describeFault).map(indent)],
    session: server.sessions.at(-1),
  });
}
