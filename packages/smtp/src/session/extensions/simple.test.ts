import { describe, expect, test } from 'vitest';
import { policyWith } from '../../testing/policy.ts';
import { ask, sessionIn } from '../../testing/session-steps.ts';
import { surroundingsWith } from '../../testing/surroundings.ts';
import type { SessionPolicy } from '../policy.ts';
import { Session } from '../session.ts';
import { enhancedStatusCodes, pipelining, requireTls, smtpUtf8, startTls } from './simple.ts';

function lines(changes: Partial<SessionPolicy>, secure: boolean): readonly string[] {
  const session = new Session(policyWith(changes), surroundingsWith({ secure }));
  return ask(session, 'EHLO client.example').lines.slice(1);
}

test('a keyword is all that EHLO lists of the simple ones', () => {
  const extensions = [pipelining, enhancedStatusCodes, smtpUtf8];
  expect(lines({ extensions }, false)).toEqual(['PIPELINING', 'ENHANCEDSTATUSCODES', 'SMTPUTF8']);
});

describe('STARTTLS', () => {
  test.each([
    ['available', false, ['STARTTLS']],
    ['required', false, ['STARTTLS']],
    ['refused', false, ['STARTTLS']],
    ['absent', false, []],
    ['available', true, []],
    ['required', true, []],
  ] as const)('where it is %s, and TLS is on: %s (RFC 3207 §4.2)', (policy, secure, expected) => {
    expect(lines({ extensions: [startTls], startTls: policy }, secure)).toEqual(expected);
  });

  test('is not listed where it is disabled', () => {
    expect(
      lines({ extensions: [startTls], startTls: 'available', disabledCommands: new Set(['STARTTLS']) }, false),
    ).toEqual([]);
  });
});

describe('SMTPUTF8 (RFC 6531)', () => {
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

  test.each([
    ['MAIL FROM:<ann@example.org> SMTPUTF8', 250],
    ['MAIL FROM:<ann@example.org> SMTPUTF8=1', 501],
    ['MAIL FROM:<jörg@example.org> SMTPUTF8', 250],
    ['MAIL FROM:<jörg@example.org>', 550],
    ['MAIL FROM:<ann@bücher.example>', 550],
    ['MAIL FROM:<>', 250],
  ])('%s earns %i (§3.5)', (line, code) => {
    expect(ask(sessionIn('mail', { extensions: [smtpUtf8] }), utf8(line)).code).toBe(code);
  });

  test.each([
    ['MAIL FROM:<> SMTPUTF8', 'RCPT TO:<jörg@example.com>', 250],
    ['MAIL FROM:<>', 'RCPT TO:<jörg@example.com>', 553],
    ['MAIL FROM:<>', 'RCPT TO:<ann@bücher.example>', 553],
    ['MAIL FROM:<>', 'RCPT TO:<bob@example.com>', 250],
  ])('%s, and then %s earns %i (§3.5)', (mail, rcpt, code) => {
    const session = sessionIn('mail', { extensions: [smtpUtf8] });
    ask(session, mail);
    expect(ask(session, utf8(rcpt)).code).toBe(code);
  });
});

describe('REQUIRETLS (RFC 8689 §2)', () => {
  const session = (secure: boolean): Session =>
    new Session(policyWith({ extensions: [requireTls] }), surroundingsWith({ secure }));

  test('is for a session under TLS', () => {
    expect(lines({ extensions: [requireTls] }, true)).toEqual(['REQUIRETLS']);
    expect(lines({ extensions: [requireTls] }, false)).toEqual([]);
  });

  test.each([
    ['REQUIRETLS', true, 250],
    ['REQUIRETLS', false, 530],
    ['REQUIRETLS=1', true, 501],
    ['REQUIRETLS=1', false, 501],
  ])('%s of MAIL where TLS is on (%s) earns %i', (parameter, secure, code) => {
    const it = session(secure);
    it.commit(it.proposeGreeting(), it.proposeGreeting().reply);
    ask(it, 'EHLO client.example');
    expect(ask(it, `MAIL FROM:<> ${parameter}`).code).toBe(code);
  });
});
