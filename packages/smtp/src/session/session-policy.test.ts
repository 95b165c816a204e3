import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { ask, askAll, sessionIn } from '../testing/session-steps.ts';
import { xclient } from './extensions/xclient.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('disabled commands', () => {
  test.each(['EHLO', 'MAIL', 'RSET', 'NOOP', 'QUIT', 'STARTTLS', 'BDAT', 'HELP', 'GET'])('%s is unknown', (verb) => {
    const session = sessionIn('hello', { disabledCommands: new Set([verb]) });
    expect(ask(session, verb)).toMatchObject({ code: 500, enhanced: '5.5.2' });
    expect(session.phase).toBe('hello');
  });

  test('are known by name, for whoever redacts', () => {
    expect(sessionIn('hello', { disabledCommands: new Set(['AUTH']) }).knows('AUTH')).toBe(true);
    expect(sessionIn('hello').knows('XYZZY')).toBe(false);
  });

  test('AUTH: nobody has to authenticate, or can', () => {
    const session = sessionIn('mail', { authRequired: true, disabledCommands: new Set(['AUTH']) });
    expect([session.authOffered, session.authMissing]).toEqual([false, false]);
    expect(askAll(session, [`AUTH PLAIN ${base64('\0ann\0secret')}`, 'MAIL FROM:<>'])).toEqual([500, 250]);
  });

  test('STARTTLS: AUTH is to be had in clear text', () => {
    const session = sessionIn('mail', { authInsecure: false, disabledCommands: new Set(['STARTTLS']) });
    expect(session.authOffered).toBe(true);
    expect(ask(session, `AUTH PLAIN ${base64('\0ann\0secret')}`).code).toBe(235);
  });

  test('of one session take the place of the policy’s, and can be taken back', () => {
    const policy = { disabledCommands: new Set(['NOOP']) };
    const session = sessionIn('mail', policy);
    session.disableCommands(new Set(['HELP', 'STARTTLS']));
    expect(askAll(session, ['NOOP', 'HELP', 'STARTTLS'])).toEqual([250, 500, 500]);
    expect(ask(session, 'EHLO client.example').lines).not.toContain('STARTTLS');
    expect(askAll(sessionIn('mail', policy), ['NOOP', 'HELP'])).toEqual([500, 214]);
    session.disableCommands(undefined);
    expect(askAll(session, ['NOOP', 'HELP'])).toEqual([500, 214]);
  });

  test('may be whatever can tell, and change at any time', () => {
    const verbs = new Set<string>();
    const session = sessionIn('mail');
    session.disableCommands({ has: (verb) => verbs.has(verb) });
    expect(ask(session, 'NOOP').code).toBe(250);
    verbs.add('NOOP');
    expect(ask(session, 'NOOP').code).toBe(500);
  });
});

describe('who has authenticated', () => {
  test('may be somebody for whom another vouches', () => {
    const session = sessionIn('mail', { authRequired: true });
    expect([session.username, session.authMissing]).toEqual([null, true]);
    session.authenticate('ann');
    expect([session.username, session.authMissing, session.authOffered]).toEqual(['ann', false, false]);
    expect(askAll(session, [`AUTH PLAIN ${base64('\0eve\0secret')}`, 'MAIL FROM:<>'])).toEqual([503, 250]);
    expect(session.username).toBe('ann');
  });

  test('is forgotten with XCLIENT and with STARTTLS, and not before', () => {
    const extensions = [...policyWith().extensions, xclient(true)];
    for (const line of ['XCLIENT NAME=spike.example', 'STARTTLS']) {
      const session = sessionIn('mail', { extensions });
      session.authenticate('ann');
      askAll(session, ['EHLO client.example', 'MAIL FROM:<>', 'RSET']);
      expect(session.username).toBe('ann');
      ask(session, line);
      if (session.phase === 'handshake') session.secured();
      expect(session.username).toBeNull();
    }
  });
});

test('a session tells from where its client comes, and what a mechanism may look at', () => {
  const session = sessionIn('mail');
  expect(session.peerAddress).toBe('127.0.0.1');
  expect(session.saslContext).toMatchObject({ serverName: 'mail.example', secure: false, clientIdentity: null });
  expect(session.saslContext.channelBinding('tls-exporter')).toBeUndefined();
});

test('lenient paths are for a policy that has them', () => {
  const line = 'MAIL FROM:<a..b@_x.example>';
  expect(ask(sessionIn('mail'), line).code).toBe(501);
  expect(ask(sessionIn('mail', { lenientPaths: false }), line).code).toBe(501);
  const session = sessionIn('mail', { lenientPaths: true });
  expect(askAll(session, [line, 'RCPT TO:<.@x>', 'RCPT TO:<x>'])).toEqual([250, 250, 501]);
});

test.each([
  [{}, 'mail.example ESMTP'],
  [{ protocol: 'lmtp' }, 'mail.example LMTP'],
  [{ banner: 'at your service' }, 'mail.example ESMTP at your service'],
] as const)('the greeting under %o (RFC 5321 §4.3.1)', (changes, text) => {
  expect(sessionIn('connect', changes).proposeGreeting().reply).toEqual({ code: 220, lines: [text] });
});
