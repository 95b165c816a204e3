// A claim about a subject: what is expected, and the recorded things of which any may be it.
import { describeValue, type RecordedSession } from '@mailrig/fixture';
import type { Check } from './check.ts';
import { isEmpty } from './expectation.ts';
import { failureText, indent, labelled, plural, type Assertion } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { describeSilence } from './missing.ts';
import { sessionsOf, type Subject } from './subject.ts';

export interface Claim extends Assertion {
  readonly subject: Subject;
  /** What is claimed to be there, such as `envelope`. */
  readonly noun: string;
  readonly expected: object;
  readonly candidates: readonly Candidate[];
  /** What was looked through, for example `2 messages`. @defaultValue the subject's sessions */
  readonly among?: string;
  /** Why neither the claim nor its opposite can be made, where that is so. */
  readonly unanswerable?: string | undefined;
  /** The same where no candidate is what is expected: one may still come, or is not kept. */
  readonly undecided?: string | undefined;
}

/** A recorded thing, held against what is expected. */
export interface Candidate {
  /** For example `transaction 2 of session 1`. */
  readonly name: string;
  readonly session: RecordedSession;
  /** As it is shown, a text as it is; `null` where the session has no such thing. */
  readonly received: object | string | null;
  readonly checks: readonly Check[];
  /** Lines that tell more than the end of its session. */
  readonly scene?: readonly string[];
}

/** Whether any candidate is what is expected. What can't be answered fails with `.not` too. */
export function judge(context: MatcherContext, claim: Claim): MatcherResult {
  const match = claim.candidates.find(matches);
  const unanswerable =
    sessionsOf(claim.subject).length === 0
      ? describeSilence(claim.subject)
      : (claim.unanswerable ?? (match === undefined ? claim.undecided : undefined));
  if (unanswerable !== undefined) {
    return { pass: context.isNot === true, message: () => describeMiss(context, { ...claim, unanswerable }) };
  }
  return match === undefined
    ? { pass: false, message: () => describeMiss(context, claim) }
    : { pass: true, message: () => describeMatch(context, claim, match) };
}

/** Whether it is what is expected. */
function matches({ checks }: Candidate): boolean {
  return checks.every((check) => check.holds);
}

/** Nothing is what was expected, or could be. */
function describeMiss(context: MatcherContext, claim: Claim): string {
  const nearest = nearestOf(claim.candidates);
  return failureText(context, claim, {
    expected: context.isNot === true ? describeAbsence(claim) : describePresence(claim),
    received: claim.unanswerable ?? describeCandidates(claim),
    nearest: nearest === undefined ? [] : describeNearest(context, claim, nearest),
    scene: nearest?.scene,
    session: nearest?.session ?? sessionsOf(claim.subject).at(-1),
  });
}

/** Something is what must not be there. */
function describeMatch(context: MatcherContext, claim: Claim, match: Candidate): string {
  const received = describeReceived(claim, match);
  return failureText(context, claim, {
    expected: describeAbsence(claim),
    received: claim.candidates.length === 1 ? received : `${match.name}, ${received}`,
    session: match.session,
  });
}

/**
 * The one with the fewest differences; among equals that which differs last, as an attachment of that name; among those the
 * latest, for a test speaks of what it has just done.
 */
function nearestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const differences = ({ checks }: Candidate): number => checks.filter((check) => !check.holds).length;
  const first = ({ checks }: Candidate): number => checks.findIndex((check) => !check.holds);
  return candidates
    .toReversed()
    .toSorted((one, other) => differences(one) - differences(other) || first(other) - first(one))[0];
}

function describeNearest(context: MatcherContext, claim: Claim, nearest: Candidate): readonly string[] {
  const isAll = claim.candidates.length === 1 && claim.unanswerable === undefined;
  const difference = nearest.received && nearest.checks.find((check) => !check.holds);
  return [
    ...(isAll ? [] : [`Nearest: ${nearest.name}, ${describeReceived(claim, nearest)}`]),
    ...(difference ? describeDifference(context, difference) : []),
  ];
}

function describeDifference(context: MatcherContext, { field, values, advice }: Check): readonly string[] {
  const lines = values && labelled(context, describeValue(values.expected), describeValue(values.received));
  return [`First difference: ${field}`, ...[...(lines ?? []), ...(advice ?? [])].map(indent)];
}

function describePresence({ noun, expected }: Claim): string {
  return isEmpty(expected) ? `any ${noun}` : describeValue(expected);
}

function describeAbsence({ noun, expected }: Claim): string {
  return isEmpty(expected) ? `no ${noun}` : `not ${describeValue(expected)}`;
}

function describeCandidates(claim: Claim): string {
  const { candidates, noun, subject, among = plural(sessionsOf(subject).length, 'session') } = claim;
  const [first, ...others] = candidates;
  if (first === undefined) return `no ${noun} in ${among}`;
  return others.length === 0 ? describeReceived(claim, first) : `nothing like that in ${among}`;
}

function describeReceived({ noun }: Claim, { received }: Candidate): string {
  if (typeof received === 'string') return received;
  return received === null ? `no ${noun}` : describeValue(received);
}
