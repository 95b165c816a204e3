import type { Difference } from './difference.ts';

export const parameterDifferences: readonly Difference[] = [
  {
    what: 'a parameter that no extension has',
    rfc: '5321 §4.1.1.11',
    peer: 'taken, and in `args`',
    ours: '555',
    tests: ['an unknown parameter gets 555 (RFC 5321 §4.1.1.11)'],
  },
  {
    what: 'a parameter of RCPT with MAIL, or of MAIL with RCPT',
    rfc: '5321 §4.1.1.11',
    peer: 'taken, and in `args`',
    ours: '555',
    tests: ['parameters of MAIL are none of RCPT, and the other way round: 555'],
  },
  {
    what: 'what is no parameter: `=x`, `-A=1`, `A_B=1`, `<bob@example.org>`',
    rfc: '5321 §4.1.2',
    peer: 'taken',
    ours: '501 or 555',
    tests: ['what is no parameter at all is refused'],
  },
  {
    what: '`SMTPUTF8=`, `AUTH=`, `AUTH`: an empty value, or none where there must be one',
    rfc: '5321 §4.1.2, 4954 §5',
    peer: 'taken',
    ours: '501',
    tests: ['an empty value is a syntax error (RFC 5321 §4.1.2)'],
  },
  {
    what: '`AUTH=` with what is no xtext',
    rfc: '4954 §5',
    peer: 'taken',
    ours: '501',
    tests: ['AUTH= that is no xtext gets 501 (RFC 4954 §5)'],
  },
  {
    what: '`ENVID` or `ORCPT` with what is no xtext',
    rfc: '3461 §4',
    peer: 'taken',
    ours: '501',
    tests: ['DSN: ENVID and ORCPT are xtext (RFC 3461 §4)'],
  },
  {
    what: '`ENVID` of more than 100 characters, `ORCPT` of more than 500',
    rfc: '3461 §4.4, §4.2',
    peer: 'taken',
    ours: '501',
    tests: ['DSN: ENVID has at most 100 characters (RFC 3461 §4.4), ORCPT 500 (§4.2)'],
  },
];
