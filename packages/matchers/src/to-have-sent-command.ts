import { describeValue, matchesPattern, type Pattern, type RecordedSession } from '@mailrig/fixture';
import { checkOf } from './check.ts';
import { judge, type Candidate } from './claim.ts';
import { ExpectationError } from './expectation-error.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { missingLines } from './missing.ts';
import { sessionsOf, subjectOf } from './subject.ts';

/** @param rest The args; without them, any. What is `undefined` was most likely not found. */
export function toHaveSentCommand(
  this: MatcherContext,
  received: unknown,
  verb: Pattern,
  ...rest: readonly [args?: Pattern]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateArgument(MATCHER, 'verb', verb, PATTERN);
  if (typeof verb === 'string') validateWord(verb);
  const [args] = rest;
  if (rest.length > 0) validateArgument(MATCHER, 'args', args, PATTERN);
  // RFC 5321 §2.4: a verb is the same in either case.
  const comparable = typeof verb === 'string' ? verb.toUpperCase() : verb;
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: args === undefined ? ['verb'] : ['verb', 'args'],
    noun: typeof comparable === 'string' ? `${comparable} command` : `command like ${describeValue(comparable)}`,
    expected: args === undefined ? { verb: comparable } : { verb: comparable, args },
    candidates: sessionsOf(subject).flatMap((session) => commandsOf(session, comparable, args)),
    undecided: missingLines(subject),
  });
}

const MATCHER = 'toHaveSentCommand';

/** The commands of that verb. What answers a challenge of AUTH is none, nor is a content. */
function commandsOf(session: RecordedSession, verb: Pattern, args: Pattern | undefined): readonly Candidate[] {
  return session.transcript.entries
    .filter(({ from, text }) => from === 'C' && text !== REDACTED)
    .map(({ text }, index) => ({ number: index + 1, ...splitCommand(text) }))
    .filter((command) => matchesPattern(verb, command.verb))
    .map((command) => ({
      name: `command ${command.number} of session ${session.number}`,
      session,
      received: { verb: command.verb, args: command.args },
      checks: args === undefined ? [] : [checkOf('args', args, command.args)],
    }));
}

const REDACTED = '********';

/** RFC 5321 §4.1.1: a verb, and after a space what belongs to it. */
function splitCommand(line: string): { readonly verb: string; readonly args: string } {
  const [, verb = '', args = ''] = /^(\S*)\s*(.*)$/s.exec(line) ?? [];
  return { verb: verb.toUpperCase(), args };
}

// No verb is empty or has a space in it: it would never match.
function validateWord(verb: string): void {
  if (/^\S+$/.test(verb)) return;
  const example = "toHaveSentCommand('RCPT', /^TO:/)";
  throw new ExpectationError(
    MATCHER,
    `the verb must be one word, not ${describeValue(verb)}. What follows it is args: ${example}.`,
  );
}
