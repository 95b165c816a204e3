import { describe, expect, test } from 'vitest';
import { ask, askAll, proposalFor, sessionIn } from '../testing/session-steps.ts';
import { reply } from '../wire/reply.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';

const ok = reply(250, '2.0.0', 'OK');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const wrong = reply(535, '5.7.8', 'Wrong');
const times = (count: number, line: string): string[] => Array<string>(count).fill(line);

describe('unknown commands', () => {
  const limited = { maxUnknownCommands: 3 } as const;

  test('the last of them ends the session', () => {
    const session = sessionIn('mail', limited);
    expect(askAll(session, ['XYZZY', 'PLUGH', 'XYZZY'])).toEqual([500, 500, 421]);
    expect(session.phase).toBe('closed');
  });

  test('are disabled ones too', () => {
    const session = sessionIn('mail', { ...limited, disabledCommands: new Set(['HELP', 'VRFY']) });
    expect(askAll(session, ['HELP', 'VRFY ann', 'HELP'])).toEqual([500, 500, 421]);
  });

  test('are counted in a transaction as before it, and nothing else is', () => {
    const session = sessionIn('hello', limited);
    const lines = [
      'XYZZY',
      'EXPN staff',
      'VRFY',
      'EHLO client.example',
      'MAIL',
      'MAIL FROM:<>',
      'XYZZY',
      'RCPT',
      'NOOP',
      'XYZZY',
    ];
    expect(askAll(session, lines)).toEqual([500, 502, 501, 250, 501, 250, 500, 501, 250, 421]);
  });

  test.each([
    ['DATA', ['DATA', { body: 4 }]],
    ['BDAT', ['BDAT 4 LAST']],
  ])('are counted anew after a message that came with %s and was accepted', (_how, message) => {
    const session = sessionIn('data', limited);
    expect(askAll(session, times(2, 'XYZZY'))).toEqual([500, 500]);
    askAll(session, message);
    expect(askAll(session, times(3, 'XYZZY'))).toEqual([500, 500, 421]);
  });

  test('and not anew after one that was refused, nor after a chunk or RSET', () => {
    const session = sessionIn('data', limited);
    askAll(session, [...times(2, 'XYZZY'), 'BDAT 4', 'RSET', 'MAIL FROM:<>', 'RCPT TO:<postmaster>', 'DATA']);
    ask(session, { body: 4 }, reply(550, '5.6.0', 'No'));
    expect(ask(session, 'XYZZY').code).toBe(421);
  });

  test('are counted when they were answered, whatever was said', () => {
    const session = sessionIn('mail', limited);
    ask(session, 'XYZZY', reply(250, '2.0.0', 'Fine'));
    proposalFor(session, 'XYZZY');
    expect(askAll(session, times(2, 'XYZZY'))).toEqual([500, 421]);
  });

  test('are as many as one likes without a limit', () => {
    expect(new Set(askAll(sessionIn('mail'), times(1_000, 'XYZZY')))).toEqual(new Set([500]));
  });

  test('may be none at all', () => {
    expect(ask(sessionIn('mail', { maxUnknownCommands: 1 }), 'XYZZY').code).toBe(421);
  });
});

describe('commands without authentication, where it is demanded', () => {
  const limited = { authRequired: true, maxUnauthenticatedCommands: 4 } as const;

  test('the last of them ends the session, whatever it is', () => {
    for (const line of ['NOOP', 'MAIL FROM:<>', 'EHLO client.example', 'STARTTLS', 'XCLIENT']) {
      const session = sessionIn('hello', limited);
      expect(askAll(session, ['EHLO client.example', 'NOOP', 'MAIL FROM:<>'])).toEqual([250, 250, 530]);
      expect([line, ask(session, line).code]).toEqual([line, line === 'XCLIENT' ? 500 : 421]);
    }
  });

  test('unknown ones don’t count here', () => {
    const session = sessionIn('mail', limited);
    expect(askAll(session, [...times(5, 'XYZZY'), ...times(3, 'NOOP')])).toEqual([
      500, 500, 500, 500, 500, 250, 250, 421,
    ]);
  });

  test('AUTH and QUIT lead on, and are never one too many', () => {
    const session = sessionIn('mail', limited);
    askAll(session, ['NOOP', 'NOOP']);
    expect(ask(session, `AUTH PLAIN ${base64('\0ann\0wrong')}`, wrong).code).toBe(535);
    expect(askAll(session, ['AUTH LOGIN', base64('ann'), '*', 'AUTH LOGIN'])).toEqual([334, 334, 501, 334]);
    ask(session, '*');
    expect(ask(session, 'QUIT').code).toBe(221);
  });

  test('who has authenticated says as many as before and more', () => {
    const session = sessionIn('mail', limited);
    expect(askAll(session, ['NOOP', 'NOOP', `AUTH PLAIN ${base64('\0ann\0secret')}`])).toEqual([250, 250, 235]);
    expect(new Set(askAll(session, times(100, 'NOOP')))).toEqual(new Set([250]));
  });

  test('whom somebody vouches for, too', () => {
    const session = sessionIn('mail', limited);
    session.authenticate('ann');
    expect(new Set(askAll(session, times(100, 'NOOP')))).toEqual(new Set([250]));
  });

  test.each([
    ['where it is not demanded', { authRequired: false, maxUnauthenticatedCommands: 4 }],
    ['where AUTH is disabled', { ...limited, disabledCommands: new Set(['AUTH']) }],
    ['without a limit', { authRequired: true }],
  ])('are as many as one likes %s', (_where, changes) => {
    expect(new Set(askAll(sessionIn('mail', changes), times(1_000, 'NOOP')))).toEqual(new Set([250]));
  });
});

describe('AUTH commands that fail', () => {
  const limited = { maxAuthFailures: 2 } as const;
  const attempt = `AUTH PLAIN ${base64('\0ann\0wrong')}`;

  test('are as many as the policy allows; the next one, whatever it presents, ends the session', () => {
    const session = sessionIn('mail', limited);
    expect(ask(session, attempt, wrong).code).toBe(535);
    expect(askAll(session, ['AUTH XYZZY', 'NOOP'])).toEqual([504, 250]);
    expect(ask(session, `AUTH PLAIN ${base64('\0ann\0secret')}`)).toMatchObject({ code: 421, enhanced: '4.7.0' });
    expect(session.phase).toBe('closed');
  });

  test('are counted whatever they fail for, and an exchange once', () => {
    const session = sessionIn('mail', limited);
    expect(askAll(session, ['AUTH LOGIN', base64('ann'), '*'])).toEqual([334, 334, 501]);
    expect(askAll(session, ['AUTH LOGIN', '\xff'])).toEqual([334, 501]);
    expect(ask(session, 'AUTH LOGIN').code).toBe(421);
  });

  test('one that succeeds is none, and what comes after them goes on', () => {
    const session = sessionIn('mail', limited);
    ask(session, attempt, wrong);
    expect(ask(session, attempt).code).toBe(235);
    expect(askAll(session, ['MAIL FROM:<>', 'RCPT TO:<postmaster>'])).toEqual([250, 250]);
  });

  test('are as many as one likes without a limit', () => {
    const session = sessionIn('mail');
    for (let count = 0; count < 1_000; count++) expect(ask(session, attempt, wrong).code).toBe(535);
  });
});

describe('commands without a message', () => {
  const limited = { maxCommandsWithoutMessage: 5 } as const;

  test('the last of them ends the session, whatever it is', () => {
    for (const line of ['NOOP', 'MAIL FROM:<>', 'XYZZY', 'AUTH LOGIN', 'EHLO client.example', 'STARTTLS', 'BDAT 4']) {
      const session = sessionIn('mail', limited);
      expect(askAll(session, ['RSET', 'VRFY ann', 'XYZZY'])).toEqual([250, 252, 500]);
      expect([line, ask(session, line)]).toMatchObject([line, { code: 421, enhanced: '4.7.0' }]);
    }
  });

  test('QUIT never is one too many', () => {
    const session = sessionIn('mail', limited);
    askAll(session, times(3, 'NOOP'));
    expect(ask(session, 'QUIT').code).toBe(221);
  });

  test('lines of an AUTH exchange count, so that none goes on without end', () => {
    const endless: SaslMechanism = { name: 'ENDLESS', begin: () => ({ next: () => ({ challenge: '' }) }) };
    const session = sessionIn('mail', { ...limited, mechanisms: [endless] });
    expect(askAll(session, ['AUTH ENDLESS', '', '', ''])).toEqual([334, 334, 334, 421]);
    expect(session.phase).toBe('closed');
  });

  test('recipients and chunks that were accepted don’t count; those that were refused, and empty chunks, do', () => {
    const session = sessionIn('data', { maxCommandsWithoutMessage: 6 });
    expect(new Set(askAll(session, times(10, 'RCPT TO:<postmaster>')))).toEqual(new Set([250]));
    expect(ask(session, 'RCPT TO:<bob@example.com>', wrong).code).toBe(535);
    expect(new Set(askAll(session, times(10, 'BDAT 4')))).toEqual(new Set([250]));
    expect(askAll(session, times(3, 'BDAT 0'))).toEqual([250, 250, 421]);
  });

  test('are counted anew after a message that was accepted, and not after one that was refused', () => {
    const session = sessionIn('body', { maxCommandsWithoutMessage: 6 });
    ask(session, { body: 4 }, ok);
    expect(askAll(session, ['MAIL FROM:<>', 'RCPT TO:<postmaster>', 'DATA'])).toEqual([250, 250, 354]);
    ask(session, { body: 4 }, reply(550, '5.6.0', 'No'));
    expect(askAll(session, times(2, 'NOOP'))).toEqual([250, 421]);
  });

  test('are as many as one likes without a limit', () => {
    expect(new Set(askAll(sessionIn('mail'), times(1_000, 'NOOP')))).toEqual(new Set([250]));
  });

  test('recipients count when their transaction is given up, or its message refused', () => {
    const times = (lines: readonly string[]): string[] => [...lines, ...Array<string>(3).fill('RCPT TO:<postmaster>')];
    for (const [end, before] of [
      ['RSET', 7],
      ['EHLO client.example', 7],
    ] as const) {
      const session = sessionIn('mail', { maxCommandsWithoutMessage: before });
      expect(askAll(session, [...times(['MAIL FROM:<>']), end, 'NOOP'])).toEqual([250, 250, 250, 250, 250, 421]);
    }
    const session = sessionIn('mail', { maxCommandsWithoutMessage: 8 });
    expect(askAll(session, [...times(['MAIL FROM:<>']), 'DATA'])).toEqual([250, 250, 250, 250, 354]);
    ask(session, { body: 4 }, reply(550, '5.6.0', 'No'));
    expect(ask(session, 'NOOP').code).toBe(421);
  });
});
