import { isPattern, matchesAddress, matchesPattern, type Envelope, type Pattern } from '@mailrig/fixture';
import { addressCheckOf, checkOf, type Check } from './check.ts';
import { judge } from './claim.ts';
import { isRecord, nullOr, PATTERN, validateExpectation, type Fields, type FieldType } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { missingTransactions } from './missing.ts';
import { nameOf, subjectOf, transactionsOf } from './subject.ts';

/** What an envelope must be like; every field given must match. */
export interface EnvelopeExpectation {
  /** The reverse-path; `null` for `<>`. */
  readonly from?: Pattern | null;
  /**
   * A pattern: one of the recipients; an asymmetric matcher may be for their list, as `expect.arrayContaining([…])` is.
   * An array: all of them, in the order of their RCPT commands.
   */
  readonly to?: Pattern | readonly Pattern[];
  /** Parameters of the MAIL command, others may be there too; `true` for one without a value. Keywords in any case. */
  readonly params?: Readonly<Record<string, Pattern | true>>;
}

export function toHaveEnvelope(this: MatcherContext, received: unknown, expected: EnvelopeExpectation): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateExpectation(MATCHER, expected, FIELDS, MISNOMERS);
  const candidates = transactionsOf(subject).map((transaction) => {
    const { session, envelope } = transaction;
    const { from, to, parameters: params } = envelope;
    return { name: nameOf(transaction), session, received: { from, to, params }, checks: compare(expected, envelope) };
  });
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: ['expected'],
    noun: 'envelope',
    expected,
    candidates,
    undecided: missingTransactions(subject),
  });
}

const MATCHER = 'toHaveEnvelope';

const RECIPIENTS: FieldType = {
  name: `${PATTERN.name}, or an array of them`,
  accepts: (value) => isPattern(value) || (Array.isArray(value) && value.every(isPattern)),
};

const PARAMETERS: FieldType = {
  name: `an object of parameters, each true, ${PATTERN.name}`,
  accepts: (value) => isRecord(value) && Object.values(value).every((one) => one === true || isPattern(one)),
};

const FIELDS: Fields<EnvelopeExpectation> = { from: nullOr(PATTERN), to: RECIPIENTS, params: PARAMETERS };
/** In what is recorded, and in RFC 5321. */
const MISNOMERS = { parameters: 'params', sender: 'from', recipients: 'to' } as const;

function compare({ from, to, params = {} }: EnvelopeExpectation, envelope: Envelope): readonly Check[] {
  return [
    ...(from === undefined ? [] : [addressCheckOf('from', from, envelope.from)]),
    ...(to === undefined ? [] : [compareRecipients(to, envelope.to)]),
    ...Object.entries(params).map(([keyword, value]) =>
      checkOf(`params.${keyword}`, value, envelope.parameters[keyword.toUpperCase()]),
    ),
  ];
}

function compareRecipients(expected: Pattern | readonly Pattern[], received: readonly string[]): Check {
  const holds = isPattern(expected)
    ? received.some((one) => matchesAddress(expected, one)) || matchesPattern(expected, received)
    : received.length === expected.length &&
      received.every((recipient, index) => matchesAddress(expected[index]!, recipient));
  return { field: 'to', holds, values: { expected, received } };
}
