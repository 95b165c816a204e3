// The layout of every failure: hint, expected, received, what came nearest, and the end of the dialogue.
import type { RecordedSession } from '@mailrig/fixture';
import type { MatcherContext } from './matcher.ts';
import type { Subject } from './subject.ts';

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
  /** Whose dialogue tells more. */
  readonly session?: RecordedSession | undefined;
}

export function failureText(context: MatcherContext, assertion: Assertion, failure: Failure): string {
  const { expected, received, nearest = [], session } = failure;
  const paragraphs = [
    [hint(context, assertion)],
    [...labelled(context, expected, received)],
    nearest,
    session === undefined ? [] : transcriptTail(session),
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** For example `expect(server).not.toHaveEnvelope(expected)`. */
export function hint(context: MatcherContext, { matcher, subject, args }: Assertion): string {
  const { utils, isNot = false, promise = '' } = context;
  const [first = '', secondArgument = ''] = args;
  return utils.matcherHint(matcher, subject.kind, first, { isNot, promise, secondArgument });
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

const TRANSCRIPT_LINES = 8;

function transcriptTail({ number, problem, transcript }: RecordedSession): readonly string[] {
  const lines = transcript.lines.slice(-TRANSCRIPT_LINES);
  return [`The end of session ${number}${problem === null ? '' : ` (${problem})`}:`, ...lines.map(indent)];
}
