import type { Pattern } from '@mailrig/fixture';
import { addressCheckOf, checkOf } from './check.ts';
import { PATTERN, validateArgument, type FieldType } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages } from './message-claim.ts';
import { subjectOf } from './subject.ts';

/** RFC 5322 §3.6.2, §3.6.3 and §3.6.6; the last is RFC 8098 §2.1. */
const STANDARD_FIELDS = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'Resent-From',
  'Resent-Sender',
  'Resent-To',
  'Resent-Cc',
  'Resent-Bcc',
  'Disposition-Notification-To',
] as const;

type StandardField = (typeof STANDARD_FIELDS)[number];

/** A header field that lists addresses; it is the same in any case. */
export type AddressField =
  | StandardField
  | Lowercase<StandardField>
  | Uppercase<StandardField>
  | `${'X' | 'x'}-${string}`;

/** @param args The display name; without one, any. One that is `undefined` was most likely not found. */
export function toHaveAddress(
  this: MatcherContext,
  received: unknown,
  field: AddressField,
  address: Pattern,
  ...args: readonly [name?: Pattern]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  const [name] = args;
  validateArgument(MATCHER, 'field', field, ADDRESS_FIELD);
  validateArgument(MATCHER, 'address', address, PATTERN);
  if (args.length > 0) validateArgument(MATCHER, 'name', name, PATTERN);
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: ['field', 'address', ...(name === undefined ? [] : ['name'])],
    noun: `address in ${field}`,
    expected: { field, address, ...(name === undefined ? {} : { name }) },
    about: 'header',
    findIn: (message) =>
      message.addresses(field).map((mailbox, index) => ({
        name: `address ${index + 1} of ${field}`,
        received: { field, address: mailbox.address, name: mailbox.name },
        checks: [
          addressCheckOf('address', address, mailbox.address),
          ...(name === undefined ? [] : [checkOf('name', name, mailbox.name)]),
        ],
      })),
  });
}

const MATCHER = 'toHaveAddress';

const NAMES: ReadonlySet<string> = new Set(STANDARD_FIELDS.map((name) => name.toLowerCase()));

// With `.not` a misspelt field would always pass.
const ADDRESS_FIELD: FieldType = {
  name: `a header field of addresses (${STANDARD_FIELDS.join(', ')}, or X-…)`,
  accepts: (value) => typeof value === 'string' && (NAMES.has(value.toLowerCase()) || /^x-[!-9;-~]+$/i.test(value)),
};
