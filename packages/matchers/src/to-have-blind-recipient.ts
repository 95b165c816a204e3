import { matchesAddress, type Address, type Message, type Pattern } from '@mailrig/fixture';
import { addressCheckOf, type Check } from './check.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages, type Finding } from './message-claim.ts';
import { subjectOf } from './subject.ts';

/** @param args The address; without one, any. One that is `undefined` was most likely not found. */
export function toHaveBlindRecipient(
  this: MatcherContext,
  received: unknown,
  ...args: readonly [address?: Pattern]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  const [address] = args;
  if (args.length > 0) validateArgument(MATCHER, 'address', address, PATTERN);
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: address === undefined ? [] : ['address'],
    noun: 'blind recipient',
    expected: address === undefined ? {} : { recipient: address, namedIn: [] },
    about: 'header',
    findIn: (message) => {
      const named = addressesOf(message);
      const findings = message.envelope.to.map((recipient, index) => ({
        name: `recipient ${index + 1}`,
        ...compare(address, recipient, named),
      }));
      // Of who is meant, however near another comes.
      const meant = findings.filter(({ checks }) => checks.every(({ field, holds }) => field !== 'recipient' || holds));
      return meant.length === 0 ? findings : meant;
    },
  });
}

const MATCHER = 'toHaveBlindRecipient';

/**
 * The fields that tell who a message is for (RFC 5322 §3.6.3, §3.6.6). A Bcc field that was sent is seen by all who are
 * sent it.
 */
const RECIPIENT_FIELDS = ['To', 'Cc', 'Bcc', 'Resent-To', 'Resent-Cc', 'Resent-Bcc'] as const;

type NamedAddresses = readonly (readonly [field: string, addresses: readonly Address[]])[];

function addressesOf(message: Message): NamedAddresses {
  return RECIPIENT_FIELDS.map((field) => [field, message.addresses(field)]);
}

function compare(address: Pattern | undefined, recipient: string, named: NamedAddresses): Finding {
  const namedIn = named
    .filter(([, addresses]) => addresses.some((one) => matchesAddress(recipient, one.address)))
    .map(([field]) => field);
  const isBlind: Check = { field: 'namedIn', holds: namedIn.length === 0, values: { expected: [], received: namedIn } };
  return {
    received: { recipient, namedIn },
    checks: address === undefined ? [isBlind] : [addressCheckOf('recipient', address, recipient), isBlind],
  };
}
