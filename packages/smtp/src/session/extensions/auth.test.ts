import { describe, expect, test } from 'vitest';
import { policyWith } from '../../testing/policy.ts';
import { ask, sessionIn } from '../../testing/session-steps.ts';
import { surroundingsWith } from '../../testing/surroundings.ts';
import type { SessionPolicy } from '../policy.ts';
import { external } from '../sasl/external.ts';
import { plain } from '../sasl/plain.ts';
import { Session } from '../session.ts';
import { auth } from './auth.ts';

/** The line of AUTH in the reply to EHLO. */
function line(
  changes: Partial<SessionPolicy>,
  surroundings: Parameters<typeof surroundingsWith>[0] = {},
): string | undefined {
  const session = new Session(policyWith({ extensions: [auth], ...changes }), surroundingsWith(surroundings));
  return ask(session, 'EHLO client.example').lines[1];
}

describe('AUTH is listed', () => {
  test.each<[string, Partial<SessionPolicy>, boolean, boolean]>([
    ['under TLS', { startTls: 'available' }, true, true],
    ['in clear text where there is TLS', { startTls: 'available' }, false, false],
    ['in clear text where that is allowed', { startTls: 'available', authInsecure: true }, false, true],
    ['in clear text where there is no TLS', { startTls: 'absent' }, false, true],
    [
      'in clear text where STARTTLS is disabled',
      { startTls: 'available', disabledCommands: new Set(['STARTTLS']) },
      false,
      true,
    ],
    ['where it is disabled', { startTls: 'absent', disabledCommands: new Set(['AUTH']) }, false, false],
    ['where there is no mechanism', { startTls: 'absent', advertisedMechanisms: [] }, false, false],
  ])('%s', (_what, changes, secure, offered) => {
    expect(line(changes, { secure })).toBe(offered ? 'AUTH PLAIN LOGIN XOAUTH2' : undefined);
  });

  test('with names that have no mechanism behind them, and without those that are not to be had', () => {
    const mechanisms = { mechanisms: [plain, external], advertisedMechanisms: ['EXTERNAL', 'XYZZY', 'PLAIN'] };
    expect(line(mechanisms)).toBe('AUTH XYZZY PLAIN');
    expect(line(mechanisms, { clientIdentity: 'ann' })).toBe('AUTH EXTERNAL XYZZY PLAIN');
    expect(line({ mechanisms: [external], advertisedMechanisms: ['EXTERNAL'] })).toBeUndefined();
  });

  test('and not any more to who has authenticated (RFC 4954 §4)', () => {
    const session = sessionIn('mail', { extensions: [auth] });
    ask(session, `AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`);
    expect(ask(session, 'EHLO client.example').lines).toEqual(['mail.example']);
  });
});

// RFC 4954 §5
test.each([
  ['AUTH=<>', 250],
  ['AUTH=ann@example.org', 250],
  ['AUTH=e+3Dmc2@example.org', 250],
  ['AUTH', 501],
  ['AUTH=e+3', 501],
  ['AUTH=e+3dmc2@example.org', 501],
  ['AUTH=+FF', 501],
])('%s of MAIL earns %i', (parameter, code) => {
  expect(ask(sessionIn('mail', { extensions: [auth] }), `MAIL FROM:<> ${parameter}`).code).toBe(code);
});
