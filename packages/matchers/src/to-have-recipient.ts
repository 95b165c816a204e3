import { matchesAddress, type Pattern, type RecordedTransaction } from '@mailrig/fixture';
import type { Check } from './check.ts';
import { judge } from './claim.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import { plural } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { missingTransactions } from './missing.ts';
import { replyText } from './reply-text.ts';
import { nameOf, subjectOf, transactionsOf } from './subject.ts';

export function toHaveRecipient(this: MatcherContext, received: unknown, address: Pattern): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateArgument(MATCHER, 'address', address, PATTERN);
  const transactions = transactionsOf(subject).filter(({ recipients }) => recipients.length > 0);
  const undecided = missingTransactions(subject);
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: ['address'],
    noun: 'recipient',
    expected: { to: address },
    among: plural(transactions.length, 'transaction'),
    candidates: transactions.map((transaction) => ({
      name: nameOf(transaction),
      session: transaction.session,
      received: shownRecipients(transaction),
      checks: compare(address, transaction),
    })),
    unanswerable: transactions.length === 0 && undecided === undefined ? NO_RCPT : undefined,
    undecided,
  });
}

const MATCHER = 'toHaveRecipient';

const NO_RCPT = 'no RCPT command in any transaction, so that there is nothing to compare';

// Where it was refused it comes nearer than where it was not asked for.
function compare(address: Pattern, transaction: RecordedTransaction): readonly Check[] {
  const { to } = transaction.envelope;
  if (to.some((recipient) => matchesAddress(address, recipient))) return [{ field: 'to', holds: true }];
  const refused = refusedOf(transaction).find((recipient) => matchesAddress(address, recipient.address));
  if (refused === undefined) {
    return [
      { field: 'to', holds: false, values: { expected: address, received: to } },
      { field: 'RCPT', holds: false },
    ];
  }
  return [{ field: 'the reply to RCPT', holds: false, values: { expected: /^2/, received: replyText(refused.reply) } }];
}

function shownRecipients(transaction: RecordedTransaction): object {
  const refused = refusedOf(transaction).map(({ address, reply }) => `${address}: ${replyText(reply)}`);
  return { to: transaction.envelope.to, ...(refused.length === 0 ? {} : { refused }) };
}

function refusedOf({ envelope, recipients }: RecordedTransaction): RecordedTransaction['recipients'] {
  const accepted = new Set(envelope.to);
  return recipients.filter(({ address }) => !accepted.has(address));
}
