import {
  describeValue,
  isPattern,
  matchesAddress,
  type AsymmetricMatcher,
  type Outcome,
  type Pattern,
  type RecordedRecipient,
} from '@mailrig/fixture';
import { checkOf, type Check } from './check.ts';
import { judge } from './claim.ts';
import { describeGiven, ExpectationError } from './expectation-error.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
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
  const candidates = transactionsOf(subject).flatMap((transaction) =>
    transaction.recipients.map((recipient, index) => ({
      name: `RCPT ${index + 1} of ${nameOf(transaction)}`,
      session: transaction.session,
      received: { address: recipient.address, outcome: recipient.outcome, reply: replyText(recipient.reply) },
      checks: [checkOf('address', address, recipient.address), compare(outcome, recipient)],
    })),
  );
  const addressed = candidates.filter((candidate) => matchesAddress(address, candidate.received.address));
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: ['address', 'outcome'],
    noun: 'recipient',
    expected: isOutcome(outcome) ? { address, outcome } : { address, reply: outcome },
    ...(addressed.length > 0
      ? { candidates: addressed }
      : {
          candidates,
          unanswerable: `no RCPT command for ${describeValue(address)} in any transaction: nothing became of it`,
        }),
  });
}

const MATCHER = 'toHaveRecipientOutcome';

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
