import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { redactCommand, redactCredentials } from './redaction.ts';

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
  ])('%s is shown as %s', (line, shown) => {
    expect(redactCommand(line, policy)).toBe(shown);
  });

  test.each(['AUTH', 'AUTH LOGIN', 'AUTH LOGIN ', 'MAIL FROM:<auth@example.org> AUTH=<>', 'NOOP AUTH PLAIN x'])(
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
