import type { Difference } from './difference.ts';

export const sessionDifferences: readonly Difference[] = [
  {
    what: '`transmissionType` of a message with `SMTPUTF8`',
    rfc: '6531 §4.3',
    peer: '`ESMTP`, `LMTP`, …',
    ours: '`UTF8SMTP`, `UTF8LMTP`, …',
    tests: [
      'transmissionType of a message with SMTPUTF8 is UTF8SMTP (RFC 6531 §4.3)',
      'transmissionType of a message with SMTPUTF8 is UTF8SMTPS (RFC 6531 §4.3)',
      'transmissionType of a message with SMTPUTF8 is UTF8LMTP (RFC 6531 §4.3)',
    ],
  },
  {
    what: 'two recipients whose local parts differ in case only',
    rfc: '5321 §2.4',
    peer: 'one recipient',
    ours: 'two',
    tests: ['recipients are compared with regard to the case of their local parts (RFC 5321 §2.4)'],
  },
];
