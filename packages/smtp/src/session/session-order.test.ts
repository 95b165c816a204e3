import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { ask, sessionIn } from '../testing/session-steps.ts';
import { xclient, xforward } from './extensions/xclient.ts';
import type { Session } from './session.ts';
import type { Phase } from './transitions.ts';

const COLUMNS = ['hello', 'mail', 'rcpt', 'data', 'chunks', 'reset'] as const satisfies readonly Phase[];

/** A command, what it earns in each of these phases, and the phase that it leads to where that is another. */
type Row = readonly string[];

/** The same in each of them. */
const always = (earned: string): string[] => COLUMNS.map(() => earned);

const { extensions } = policyWith();
const everything = { extensions: [...extensions, xclient(true), xforward(true)] } as const;

function expectRow([line, ...expected]: Row, begin: (phase: Phase) => Session): void {
  const found = COLUMNS.map((phase) => {
    const session = begin(phase);
    const { code } = ask(session, line!);
    return session.phase === phase ? `${code}` : `${code} ${session.phase}`;
  });
  expect([line, ...found]).toEqual([line, ...expected]);
}

// RFC 5321 §4.1.4, RFC 3030 §2, RFC 3207 §4, RFC 4954 §4
describe('a command, and where it leads', () => {
  test.each<Row>([
    ['EHLO client.example', '250 mail', '250', '250 mail', '250 mail', '250 mail', '250 mail'],
    ['HELO client.example', '250 mail', '250', '250 mail', '250 mail', '250 mail', '250 mail'],
    ['LHLO client.example', ...always('500')],
    ['EHLO', ...always('501')],
    ['STARTTLS', ...always('220 handshake')],
    ['STARTTLS now', ...always('501')],
    ['AUTH LOGIN', '503', '334 credentials', '503', '503', '503', '503'],
    ['AUTH PLAIN AGFubgBzZWNyZXQ=', '503', '235', '503', '503', '503', '503'],
    ['MAIL FROM:<ann@example.org>', '503', '250 rcpt', '503', '503', '503', '503'],
    ['RCPT TO:<bob@example.com>', '503', '503', '250 data', '250', '503', '503'],
    ['DATA', '503', '503', '503', '354 body', '503', '503'],
    ['BDAT 4', '503', '503', '503', '250 chunks', '250', '503'],
    ['BDAT 4 LAST', '503', '503', '503', '250 mail', '250 mail', '503'],
    ['BDAT four', ...always('501 closed')],
    ['RSET', '250', '250', '250 mail', '250 mail', '250 mail', '250 mail'],
    ['NOOP', ...always('250')],
    ['VRFY ann', ...always('252')],
    ['VRFY', ...always('501')],
    ['EXPN staff', ...always('502')],
    ['HELP', ...always('214')],
    ['XCLIENT ADDR=192.0.2.1', '220', '220 hello', '503', '503', '503', '503'],
    ['XFORWARD ADDR=192.0.2.1', '250', '250', '503', '503', '503', '503'],
    ['GET / HTTP/1.1', ...always('421 closed')],
    ['QUIT', ...always('221 closed')],
    ['XYZZY', ...always('500')],
    ['', ...always('500')],
  ])('%s', (...row) => {
    expectRow(row, (phase) => sessionIn(phase, everything));
  });
});

// RFC 4954 §6
describe('a command where AUTH is demanded and missing', () => {
  const demanding = { ...everything, authRequired: true } as const;

  /** Who has not authenticated comes no further than this. */
  const begin = (phase: Phase): Session => sessionIn(phase === 'hello' ? phase : 'mail', demanding);

  test.each([
    ['MAIL FROM:<ann@example.org>', 503, 530],
    ['MAIL FROM:ann', 503, 530],
    ['RCPT TO:<bob@example.com>', 503, 530],
    ['DATA', 503, 530],
    ['BDAT 4 LAST', 503, 530],
    ['NOOP', 250, 250],
    ['RSET', 250, 250],
    ['VRFY ann', 252, 252],
    ['STARTTLS', 220, 220],
    ['AUTH LOGIN', 503, 334],
    ['QUIT', 221, 221],
  ])('%s', (line, beforeHello, afterHello) => {
    expect(ask(begin('hello'), line).code).toBe(beforeHello);
    expect(ask(begin('mail'), line).code).toBe(afterHello);
  });

  test('is 530 under the words of the policy, for all of the transaction', () => {
    const session = sessionIn('mail', { ...demanding, authRequiredText: 'Who are you?' });
    for (const line of ['MAIL FROM:<>', 'RCPT TO:<bob@example.com>', 'DATA', 'BDAT 0 LAST'])
      expect(ask(session, line)).toEqual({ code: 530, enhanced: '5.7.0', lines: ['Who are you?'] });
  });
});

describe('in LMTP (RFC 2033 §4)', () => {
  test.each<Row>([
    ['EHLO client.example', ...always('500')],
    ['HELO client.example', ...always('500')],
    ['LHLO client.example', '250 mail', '250', '250 mail', '250 mail', '250 mail', '250 mail'],
    ['DATA', '503', '503', '503', '354 body', '503', '503'],
    ['BDAT 4 LAST', '503', '503', '503', '250 mail', '250 mail', '503'],
  ])('%s', (...row) => {
    expectRow(row, (phase) => sessionIn(phase, { ...everything, protocol: 'lmtp' }));
  });
});

describe('a request of HTTP', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PRI', 'get'])(
    '%s ends the session',
    (method) => {
      const session = sessionIn('hello');
      expect(ask(session, `${method} / HTTP/1.1`)).toMatchObject({ code: 421, enhanced: '4.7.0' });
      expect(session.expects).toBe('nothing');
    },
  );
});
