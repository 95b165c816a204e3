// The layout of every failure: hint, expected, received, what came nearest, what went wrong on purpose, and the end of the
// dialogue.
import type { Fault, RecordedSession } from '@mailrig/fixture';
import type { MatcherContext } from './matcher.ts';
import { isSource, type Subject } from './subject.ts';

/** An assertion as its first line quotes it. */
export interface Assertion {
  readonly matcher: string;
  readonly subject: Subject;
  /** The names of the arguments that were given. */
  readonly args: readonly string[];
}

export interface Failure {
  readonly expected: string;
  readonly received: string;
  /** Lines on what came nearest. */
  readonly nearest?: readonly string[];
  /** Lines that are shown instead of the end of the dialogue. */
  readonly scene?: readonly string[] | undefined;
  /** Whose dialogue tells more. */
  readonly session?: RecordedSession | undefined;
}

export function failureText(context: MatcherContext, assertion: Assertion, failure: Failure): string {
  const { expected, received, nearest = [], session } = failure;
  const { scene = session === undefined ? [] : transcriptTail(session) } = failure;
  const paragraphs = [
    [hint(context, assertion)],
    [...labelled(context, expected, received)],
    nearest,
    describeFaults(assertion.subject),
    scene,
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** For example `expect(server).not.toHaveEnvelope(expected)`. */
export function hint(context: MatcherContext, { matcher, subject, args }: Assertion): string {
  const { utils, isNot = false, promise = '' } = context;
  const [first = '', ...others] = args;
  return utils.matcherHint(matcher, subject.kind, first, { isNot, promise, secondArgument: others.join(', ') });
}

/** The two lines that every failure has, coloured. */
export function labelled({ utils }: MatcherContext, expected: string, received: string): readonly [string, string] {
  return [`Expected: ${utils.EXPECTED_COLOR(expected)}`, `Received: ${utils.RECEIVED_COLOR(received)}`];
}

export function indent(line: string): string {
  return `  ${line}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** For example `Answers DATA with 554 5.3.0 No. 1 hit.` */
export function describeFault(fault: Fault): string {
  return `${fault.explain()} ${plural(fault.hits, 'hit')}.`;
}

/** The first of many, indented, and how many more there are. */
export function listed(lines: readonly string[]): readonly string[] {
  const unlisted = lines.length - MOST_LISTED;
  return [...lines.slice(0, MOST_LISTED), ...(unlisted > 0 ? [`and ${unlisted} more`] : [])].map(indent);
}

const MOST_LISTED = 5;
export const TRANSCRIPT_LINES = 8;

/** What went wrong on purpose may be the reason. An inbox tells of what was for its address. */
function describeFaults(subject: Subject): readonly string[] {
  if (!isSource(subject)) return [];
  const applied = subject.faults.filter(({ hits }) => hits > 0);
  if (applied.length === 0) return [];
  return ['Faults that applied:', ...listed(applied.map(describeFault))];
}

function transcriptTail({ number, problem, transcript }: RecordedSession): readonly string[] {
  const lines = transcript.lines.slice(-TRANSCRIPT_LINES);
  return [`The end of session ${number}${problem === null ? '' : ` (${problem})`}:`, ...lines.map(indent)];
}
