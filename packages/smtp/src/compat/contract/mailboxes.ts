// Mailboxes by the grammar of RFC 5321 §4.1.2, and what is none.

export const VALID: readonly string[] = [
  'bob@example.org',
  'bob@localhost',
  'bob@mail.example.org',
  'bob@a-b.example.org',
  'bob@1.example.org',
  'b@example.org',
  'bob.builder@example.org',
  'bob+tag@example.org',
  "!#$%&'*+-/=?^_`{|}~@example.org",
  '"bob"@example.org',
  '"bob\\"s"@example.org',
  'bob@[127.0.0.1]',
  'bob@[IPv6:::1]',
  'bob@[IPv6:2001:db8::1]',
  `${'b'.repeat(64)}@example.org`,
  `bob@${'b'.repeat(63)}.example`,
];

export const VALID_QUOTED: readonly string[] = [
  '"bob b"@example.org',
  '"bob@home"@example.org',
  '"bob>"@example.org',
  '"b..b"@example.org',
];

export const INVALID: readonly string[] = [
  'bob',
  '@example.org',
  'bob@',
  'bob@@example.org',
  'bob@home@example.org',
  'bob b@example.org',
  ' bob@example.org',
  'bob@example.org ',
  'bob @example.org',
  'bob@example .org',
  '.bob@example.org',
  'bob.@example.org',
  'bob..b@example.org',
  'bob@example..org',
  'bob@.example.org',
  'bob@example.org.',
  'bob@example-.org',
  'bob@mail.-example.org',
  'bob@exam_ple.org',
  'bob@[127.0.0.1',
  'bob@[300.0.0.1]',
  'bob@[::1]',
  'bob@[]',
  `bob@${'b.'.repeat(130)}org`,
  `${'b'.repeat(300)}@example.org`,
];

export const CONTROLS: readonly string[] = [
  'bob\tb@example.org',
  'bob\0b@example.org',
  'bob\x7fb@example.org',
  '"bob\0b"@example.org',
];

/** Specials (RFC 5322 §3.2.3), and quotes that do not hold the whole local part. */
export const UNQUOTED: readonly string[] = [
  'bob(b)@example.org',
  'bob,b@example.org',
  'bob;b@example.org',
  'bob:b@example.org',
  'bob[b@example.org',
  'bob\\b@example.org',
  '"bob@example.org',
  'bob"b@example.org',
];

export const HYPHENATED: readonly string[] = ['bob@-example.org'];

export const LONG_LABELS: readonly string[] = [`bob@${'b'.repeat(64)}.example`, `bob@mail.${'b'.repeat(64)}`];

export const LONG_LOCAL_PARTS: readonly string[] = [`${'b'.repeat(65)}@example.org`, `"${'b'.repeat(63)}"@example.org`];
