import { describeValue, isPattern, matchesPattern, type Pattern, type RecordedSession } from '@mailrig/fixture';
import { judge, type Candidate } from './claim.ts';
import { describeGiven, ExpectationError } from './expectation-error.ts';
import { PATTERN } from './expectation.ts';
import { indent, TRANSCRIPT_LINES } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { missingLines } from './missing.ts';
import { sessionsOf, subjectOf } from './subject.ts';

export function toHaveTranscript(this: MatcherContext, received: unknown, lines: readonly Pattern[]): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateLines(lines);
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: ['lines'],
    noun: 'transcript',
    expected: lines,
    candidates: sessionsOf(subject).map((session) => compare(lines, session)),
    undecided: missingLines(subject),
  });
}

const MATCHER = 'toHaveTranscript';

function compare(lines: readonly Pattern[], session: RecordedSession): Candidate {
  const dialogue = session.transcript.lines;
  const places = placesOf(lines, dialogue);
  const found = places.length;
  return {
    name: `session ${session.number}`,
    session,
    received: describeFound(found, lines.length),
    checks: lines.map((line, index) => ({ field: `lines[${index}], ${describeValue(line)}`, holds: index < found })),
    scene: describeScene(session, lines[found], places.at(-1)),
  };
}

/** Where each line is first found after the one before it, up to the first that is not. */
function placesOf(lines: readonly Pattern[], dialogue: readonly string[]): readonly number[] {
  const places: number[] = [];
  for (const line of lines) {
    const next = (places.at(-1) ?? -1) + 1;
    const place = dialogue.findIndex((said, index) => index >= next && matchesPattern(line, said));
    if (place === -1) break;
    places.push(place);
  }
  return places;
}

function describeFound(found: number, wanted: number): string {
  if (found === wanted) return 'all of them, in this order';
  return found === 0 ? 'not even the first line' : `${found} of ${wanted} lines, and then not the next`;
}

/** What stands where the first line that is missing was looked for; and that it stands before, where it does. */
function describeScene(
  { number, transcript: { lines } }: RecordedSession,
  missing: Pattern | undefined,
  last: number | undefined,
): readonly string[] {
  const start = last === undefined ? 0 : last + 1;
  const rest = lines.slice(start, start + TRANSCRIPT_LINES);
  const unlisted = lines.length - start - rest.length;
  const before = lines.findLast((line) => missing !== undefined && matchesPattern(missing, line));
  return [
    ...(before === undefined ? [] : [`It stands earlier: ${describeValue(before)}`, '']),
    last === undefined
      ? `The beginning of session ${number}:`
      : `After ${describeValue(lines[last])} in session ${number}:`,
    ...(rest.length === 0 ? ['nothing'] : rest).map(indent),
    ...(unlisted === 0 ? [] : [indent(`and ${unlisted} more`)]),
  ];
}

function validateLines(lines: unknown): void {
  if (!Array.isArray(lines)) {
    throw new ExpectationError(MATCHER, `the lines must be an array, not ${describeGiven(lines)}.`);
  }
  if (lines.length === 0) throw new ExpectationError(MATCHER, 'the lines are none: every transcript has them.');
  for (const [index, line] of lines.entries()) {
    const name = `lines[${index}]`;
    if (!isPattern(line))
      throw new ExpectationError(MATCHER, `${name} must be ${PATTERN.name}, not ${describeGiven(line)}.`);
    // It would never match.
    if (typeof line !== 'string' || /^(?:[CS]: |\* )[^\r\n]*$/.test(line)) continue;
    const remedy = "begin with 'C: ', 'S: ' or '* ' and be one line; for a part of a line write a RegExp";
    throw new ExpectationError(MATCHER, `${name} must ${remedy}, not ${describeValue(line)}.`);
  }
}
