import type { Difference } from './difference.ts';

export const addressDifferences: readonly Difference[] = [
  {
    what: 'a space before the colon: `MAIL FROM :<ann@example.org>`',
    rfc: '5321 §3.3',
    peer: 'taken',
    ours: '501',
    tests: [
      'MAIL: a space before the colon: 501 (RFC 5321 §3.3)',
      'RCPT: a space before the colon: 501 (RFC 5321 §3.3)',
    ],
  },
  {
    what: 'a tab in the place of the space before parameters',
    rfc: '5321 §4.1.2',
    peer: 'taken',
    ours: '501',
    tests: [
      'MAIL: a tab before parameters: 501 (RFC 5321 §4.1.2)',
      'RCPT: a tab before parameters: 501 (RFC 5321 §4.1.2)',
    ],
  },
  {
    what: 'spaces, `@`, `>` and two dots in a quoted local part',
    rfc: '5321 §4.1.2',
    peer: '501',
    ours: 'taken',
    tests: [
      'MAIL FROM: a quoted local part may have spaces, @, > and dots (RFC 5321 §4.1.2)',
      'RCPT TO: a quoted local part may have spaces, @, > and dots (RFC 5321 §4.1.2)',
    ],
  },
  {
    what: 'specials outside of quotes, or a quote that is not closed: `<bob,b@example.org>`, `<"bob@example.org>`',
    rfc: '5321 §4.1.2',
    peer: 'taken',
    ours: '501',
    tests: [
      'MAIL FROM: specials outside of quotes (RFC 5321 §4.1.2): 501',
      'RCPT TO: specials outside of quotes (RFC 5321 §4.1.2): 501',
    ],
  },
  {
    what: 'a local part of more than 64 octets',
    rfc: '5321 §4.5.3.1.1',
    peer: 'taken',
    ours: '501',
    tests: [
      'MAIL FROM: a local part of more than 64 octets (RFC 5321 §4.5.3.1.1): 501',
      'RCPT TO: a local part of more than 64 octets (RFC 5321 §4.5.3.1.1): 501',
    ],
  },
  {
    what: 'a domain that begins with a hyphen',
    rfc: '5321 §4.1.2',
    peer: 'taken',
    ours: '501',
    tests: [
      'MAIL FROM: a domain that begins with a hyphen (RFC 5321 §4.1.2): 501',
      'RCPT TO: a domain that begins with a hyphen (RFC 5321 §4.1.2): 501',
    ],
  },
  {
    what: 'a domain with a label of more than 63 octets',
    rfc: '1035 §2.3.4',
    peer: 'taken',
    ours: '501',
    tests: [
      'MAIL FROM: a label of more than 63 octets (RFC 1035 §2.3.4): 501',
      'RCPT TO: a label of more than 63 octets (RFC 1035 §2.3.4): 501',
    ],
  },
  {
    what: 'a source route without a mailbox: `MAIL FROM:<@a.example:>`',
    rfc: '5321 §4.1.2',
    peer: 'the null reverse-path',
    ours: '501',
    tests: ['MAIL FROM: a source route needs a mailbox'],
  },
  {
    what: 'an international address without `SMTPUTF8`',
    rfc: '6531 §3.5',
    peer: 'taken',
    ours: 'MAIL 550, RCPT 553',
    tests: ['without SMTPUTF8 an international address is not allowed: MAIL 550, RCPT 553 (RFC 6531 §3.5)'],
  },
];
