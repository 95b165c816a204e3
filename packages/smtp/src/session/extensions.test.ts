import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { ask, sessionIn } from '../testing/session-steps.ts';
import { readParameters, type Parameters } from '../wire/parameters.ts';
import { hidden, pipelining, size, smtpUtf8, startTls, type Extension } from './extensions.ts';
import type { SessionPolicy } from './policy.ts';
import { Session } from './session.ts';

/** What EHLO lists. */
function listed(changes: Partial<SessionPolicy>, secure = false): readonly string[] {
  const session = new Session(policyWith(changes), { secure });
  return ask(session, 'EHLO client.example').lines.slice(1);
}

describe('EHLO lists', () => {
  test('the extensions of the policy in their order, and none else', () => {
    expect(listed({ extensions: [smtpUtf8, pipelining] })).toEqual(['SMTPUTF8', 'PIPELINING']);
    expect(listed({ extensions: [] })).toEqual([]);
  });

  test('nothing to HELO', () => {
    expect(ask(sessionIn('hello'), 'HELO client.example').lines).toEqual(['mail.example']);
  });

  test('no extension that is hidden, and it works all the same', () => {
    expect(listed({ extensions: [hidden(size), pipelining] })).toEqual(['PIPELINING']);
    const session = sessionIn('mail', { extensions: [hidden(size)], maxSize: 10 });
    expect(ask(session, 'MAIL FROM:<> SIZE=11').code).toBe(552);
    expect(ask(session, 'MAIL FROM:<> SIZE=10').code).toBe(250);
  });

  test('SIZE with the limit, where there is one (RFC 1870 §4)', () => {
    expect(listed({ extensions: [size] })).toEqual(['SIZE']);
    expect(listed({ extensions: [size], maxSize: 1_000 })).toEqual(['SIZE 1000']);
  });

  test.each([
    ['available', false, ['STARTTLS']],
    ['required', false, ['STARTTLS']],
    ['refused', false, ['STARTTLS']],
    ['absent', false, []],
    ['available', true, []],
    ['required', true, []],
  ] as const)('STARTTLS where it is %s and TLS is on: %s (RFC 3207 §4.2)', (startTlsPolicy, secure, lines) => {
    expect(listed({ extensions: [startTls], startTls: startTlsPolicy }, secure)).toEqual(lines);
  });

  test.each([
    ['under TLS', { startTls: 'available' }, true, true],
    ['in clear text where there is TLS', { startTls: 'available' }, false, false],
    [
      'in clear text where there is TLS, and where that is allowed',
      { startTls: 'available', authInsecure: true },
      false,
      true,
    ],
    ['in clear text where there is no TLS', { startTls: 'absent' }, false, true],
    ['where it is disabled', { startTls: 'absent', disabledCommands: new Set(['AUTH']) }, false, false],
    ['where there is no mechanism', { startTls: 'absent', advertisedMechanisms: [] }, false, false],
  ] as const)('AUTH %s', (_what, changes, secure, offered) => {
    const lines = listed(changes, secure);
    expect(lines.some((line) => line.startsWith('AUTH'))).toBe(offered);
    if (offered) expect(lines).toContain('AUTH PLAIN LOGIN XOAUTH2');
  });
});

describe('a parameter', () => {
  const mail = (parameters: string, changes: Partial<SessionPolicy> = {}): number =>
    ask(sessionIn('mail', changes), `MAIL FROM:<ann@example.org> ${parameters}`).code;

  test.each([
    ['SIZE=0', 250],
    ['SIZE=100', 250],
    ['SIZE=101', 552],
    ['SIZE=00000000000000000100', 250],
    ['SIZE=99999999999999999999', 552],
    ['SIZE=000000000000000000001', 501],
    ['SIZE', 501],
    ['SIZE=-1', 501],
    ['SIZE=1.5', 501],
    ['SIZE=0x10', 501],
    ['BODY=7BIT', 250],
    ['BODY=8bitmime', 250],
    ['BODY=BINARYMIME', 501],
    ['BODY', 501],
    ['SMTPUTF8', 250],
    ['SMTPUTF8=1', 501],
    ['AUTH=<>', 250],
    ['AUTH=ann@example.org', 250],
    ['AUTH', 501],
    ['XYZZY=1', 555],
    ['SIZE=1 XYZZY', 555],
    ['SIZE=1 SIZE=1', 501],
    ['=1', 501],
  ])('%s of MAIL earns %i', (parameters, code) => {
    expect(mail(parameters, { maxSize: 100 })).toBe(code);
  });

  test.each(['SIZE=1', 'BODY=7BIT', 'SMTPUTF8', 'AUTH=<>'])(
    '%s is unknown without its extension, and to RCPT',
    (text) => {
      expect(mail(text, { extensions: [] })).toBe(555);
      expect(ask(sessionIn('rcpt'), `RCPT TO:<bob@example.com> ${text}`).code).toBe(555);
    },
  );

  test('of an extension of your own is checked by it', () => {
    const seen: (string | true)[] = [];
    const own: Extension = {
      keyword: 'XMOOD',
      offer: () => 'XMOOD good bad',
      rcpt: { XMOOD: (value) => void seen.push(value) },
    };
    const session = sessionIn('rcpt', { extensions: [own] });
    expect(ask(session, 'RCPT TO:<bob@example.com> xmood=good').code).toBe(250);
    expect(seen).toEqual(['good']);
    const parameters = session.transaction!.recipients[0]!.parameters;
    expect(parameters).toEqual(readParameters('XMOOD=good') as Parameters);
  });
});
