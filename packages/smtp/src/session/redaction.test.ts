import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { reply } from '../wire/reply.ts';
import { redactCommand, redactCredentials, redactReply, redactUnknown } from './redaction.ts';

const policy = policyWith({ advertisedMechanisms: ['PLAIN', 'XYZZY'] });

describe('a command line', () => {
  test.each([
    ['AUTH PLAIN AGFubgBzZWNyZXQ=', 'AUTH PLAIN ********'],
    ['auth plain AGFubgBzZWNyZXQ=', 'auth plain ********'],
    ['AUTH  LOGIN  YW5u  c2VjcmV0', 'AUTH  LOGIN  ********'],
    ['AUTH XYZZY secret', 'AUTH XYZZY ********'],
    ['AUTH CRAM-MD5 secret', 'AUTH CRAM-MD5 ********'],
    ['AUTH\tPLAIN AGFubgBzZWNyZXQ=', 'AUTH\tPLAIN ********'],
    ['AUTH PLAIN\tAGFubgBzZWNyZXQ=', 'AUTH PLAIN\t********'],
    // The mechanism was forgotten: this is the secret.
    ['AUTH AGFubgBzZWNyZXQ=', 'AUTH ********'],
    // The space was forgotten: no command, and meant as one.
    ['AUTHPLAIN AGFubgBzZWNyZXQ=', 'AUTH********'],
    ['auth=AGFubgBzZWNyZXQ=', 'auth********'],
    ['  AUTH PLAIN AGFubgBzZWNyZXQ=', '  AUTH PLAIN ********'],
    // What telnet says of itself first.
    ['EHLO xAUTH PLAIN AGFubgBzZWNyZXQ=', 'EHLO xAUTH PLAIN ********'],
    ['NOOP AUTH is AUTH PLAIN c2Vj AUTH LOGIN', 'NOOP AUTH is AUTH PLAIN ********'],
    ['NOOP AUTH is nothing here', 'NOOP AUTH is nothing here'],
    ['MAIL FROM:<ann@example.org> AUTH=<> SIZE=1', 'MAIL FROM:<ann@example.org> AUTH=<> SIZE=1'],
    ['\xff\xfb\x1fAUTH PLAIN AGFubgBzZWNyZXQ=', '\xff\xfb\x1fAUTH PLAIN ********'],
  ])('%s is shown as %s', (line, shown) => {
    expect(redactCommand(line, policy)).toBe(shown);
  });

  test.each(['AUTH', 'AUTH ', '', 'AUTH LOGIN', 'AUTH LOGIN ', 'MAIL FROM:<auth@example.org> AUTH=<>'])(
    '%s has nothing to hide',
    (line) => {
      expect(redactCommand(line, policy)).toBe(line);
    },
  );
});

describe('a line of an AUTH exchange', () => {
  test.each([
    ['c2VjcmV0', '********'],
    ['no base64 at all', '********'],
    [' ', '********'],
    ['*', '*'],
    ['', ''],
  ])('%j is shown as %j', (line, shown) => {
    expect(redactCredentials(line)).toBe(shown);
  });
});

describe('a reply', () => {
  test.each([
    ['a challenge', 'auth', reply(334, null, 'dj1zaWduYXR1cmU='), '********'],
    ['an empty challenge', 'auth', reply(334, null, ''), ''],
    ['what ends an exchange', 'auth', reply(235, '2.7.0', 'Welcome'), 'Welcome'],
    ['what refuses it', 'auth', reply(535, '5.7.8', 'No'), 'No'],
    ['what asks for a body', 'data', reply(354, null, 'Go on'), 'Go on'],
  ] as const)('is shown but for its secrets: %s', (_what, step, sent, shown) => {
    expect(redactReply(step, sent)).toEqual({ ...sent, lines: [shown] });
  });
});

describe('a command that nobody knows', () => {
  test.each([
    ['PASS hunter2', 'PASS ********'],
    ['a1 LOGIN ann hunter2', 'a1 ********'],
    ['Proxy-Authorization: Basic YW5uOnNlY3JldA==', '********'],
    ['PASS\thunter2', 'PASS ********'],
    ['PASS:hunter2', '********'],
    ['A\0UTH PLAIN AGFubgBzZWNyZXQ=', '********'],
    ['AGFubgBzZWNyZXQAAAA=', '********'],
    ['XYZZY', 'XYZZY'],
    ['lhlo client.example', 'lhlo client.example'],
    ['BDAT 4 LAST', 'BDAT 4 LAST'],
    ['XYZZY  ', 'XYZZY  '],
    ['', ''],
  ])('%j is shown as %j', (line, shown) => {
    expect(redactUnknown(line)).toBe(shown);
  });
});
