import {
  describeValue,
  isPattern,
  matchesAddress,
  type AsymmetricMatcher,
  type Outcome,
  type Pattern,
  type RecordedRecipient,
  type RecordedTransaction,
} from '@mailrig/fixture';
import { addressCheckOf, checkOf, type Check } from './check.ts';
import { judge } from './claim.ts';
import { describeGiven, ExpectationError } from './expectation-error.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { describeMissing, describeOpen, missingTransactions } from './missing.ts';
import { replyText } from './reply-text.ts';
import { nameOf, subjectOf, transactionsOf } from './subject.ts';

/**
 * A reply: its code; the beginning of its text up to the end of a word, `'550'`, `'550 5.1.1'` or all of it; or a RegExp
 * or an asymmetric matcher for that text.
 */
export type ReplyExpectation = number | `${number}` | `${number} ${string}` | RegExp | AsymmetricMatcher;

export function toHaveRecipientOutcome(
  this: MatcherContext,
  received: unknown,
  address: Pattern,
  outcome: Outcome | ReplyExpectation,
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateArguments(address, outcome);
  const transactions = transactionsOf(subject);
  const candidates = transactions.flatMap((transaction) =>
    transaction.recipients.map((recipient, index) => ({
      name: `RCPT ${index + 1} of ${nameOf(transaction)}`,
      session: transaction.session,
      received: { address: recipient.address, outcome: recipient.outcome, reply: replyText(recipient.reply) },
      checks: [addressCheckOf('address', address, recipient.address), compare(outcome, recipient)],
    })),
  );
  const addressed = candidates.filter((candidate) => matchesAddress(address, candidate.received.address));
  const pending = transactions.filter((transaction) => isPending(transaction, address)).map(({ session }) => session);
  const undecided = missingTransactions(subject) ?? missingRecipients(transactions) ?? describeOpen(subject, pending);
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: ['address', 'outcome'],
    noun: 'recipient',
    expected: isOutcome(outcome) ? { address, outcome } : { address, reply: outcome },
    ...(addressed.length > 0
      ? { candidates: addressed, undecided }
      : { candidates, unanswerable: undecided ?? describeAbsence(address) }),
  });
}

const MATCHER = 'toHaveRecipientOutcome';

function describeAbsence(address: Pattern): string {
  return `no RCPT command for ${describeValue(address)} in any transaction: nothing became of it`;
}

/** Of those who were refused not all are kept. */
function missingRecipients(transactions: readonly RecordedTransaction[]): string | undefined {
  const count = transactions.reduce((sum, { recipientsNotKept }) => sum + recipientsNotKept, 0);
  return describeMissing(count, 'refused recipient');
}

/** Whether what becomes of the address is still to be said: it is the session's present transaction. */
function isPending(transaction: RecordedTransaction, address: Pattern): boolean {
  const { recipients, session } = transaction;
  return (
    session.closedBy === null &&
    session.transactions.at(-1) === transaction &&
    recipients.some((one) => one.outcome === null && matchesAddress(address, one.address))
  );
}

const OUTCOMES: readonly unknown[] = ['delivered', 'delayed', 'failed'] satisfies readonly Outcome[];

function isOutcome(outcome: unknown): outcome is Outcome {
  return OUTCOMES.includes(outcome);
}

function compare(expected: Outcome | ReplyExpectation, { outcome, reply }: RecordedRecipient): Check {
  if (isOutcome(expected)) return checkOf('outcome', expected, outcome);
  const text = replyText(reply);
  if (typeof expected === 'object') return checkOf('reply', expected, text);
  return { field: 'reply', holds: `${text} `.startsWith(`${expected} `), values: { expected, received: text } };
}

function validateArguments(address: unknown, outcome: unknown): void {
  validateArgument(MATCHER, 'address', address, PATTERN);
  if (isOutcome(outcome) || isReply(outcome)) return;
  const replies = "550, '550 5.1.1', a RegExp or an asymmetric matcher";
  throw new ExpectationError(
    MATCHER,
    `the outcome must be 'delivered', 'delayed', 'failed', or a reply such as ${replies}, not ${describeGiven(outcome)}.`,
  );
}

// What is neither an outcome nor the beginning of a reply would never match: most likely it is misspelt.
function isReply(outcome: unknown): boolean {
  if (typeof outcome !== 'string' && typeof outcome !== 'number') return isPattern(outcome);
  return /^[2-5]\d\d(?: |$)/.test(String(outcome));
}
