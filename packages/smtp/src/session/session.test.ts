import { describe, expect, test } from 'vitest';
import { ask, askAll, PHASES, proposalFor, sessionIn } from '../testing/session-steps.ts';
import { policyWith } from '../testing/policy.ts';
import { surroundingsWith } from '../testing/surroundings.ts';
import { reply } from '../wire/reply.ts';
import { Session } from './session.ts';

const greylisted = reply(451, '4.7.1', 'Greylisted');
const fine = reply(250, '2.0.0', 'Fine');
const rcpt = 'RCPT TO:<bob@example.com>';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const credentials = base64('user=ann\x01auth=Bearer token\x01\x01');

describe('a refusal that the protocol did not propose', () => {
  test('of RCPT: DATA has no recipient', () => {
    const session = sessionIn('rcpt');
    ask(session, rcpt, greylisted);
    expect(session.transaction!.recipients).toEqual([]);
    expect(ask(session, 'DATA').code).toBe(503);
    expect(askAll(session, [rcpt, 'DATA'])).toEqual([250, 354]);
  });

  test('of a further RCPT: those before it stay', () => {
    const session = sessionIn('data');
    ask(session, 'RCPT TO:<carl@example.com>', greylisted);
    expect(session.transaction!.recipients.map(({ forwardPath }) => forwardPath.address)).toEqual(['bob@example.com']);
    expect(ask(session, 'DATA').code).toBe(354);
  });

  test('of MAIL: there is no transaction', () => {
    const session = sessionIn('mail');
    ask(session, 'MAIL FROM:<ann@example.org>', greylisted);
    expect(session.transaction).toBeNull();
    expect(askAll(session, [rcpt, 'MAIL FROM:<ann@example.org>'])).toEqual([503, 250]);
  });

  test('of the first EHLO: nobody has said hello', () => {
    const session = sessionIn('hello');
    ask(session, 'EHLO client.example', reply(502, '5.5.1', 'No'));
    expect(session.hello).toBeNull();
    expect(askAll(session, ['MAIL FROM:<>', 'HELO client.example', 'MAIL FROM:<>'])).toEqual([503, 250, 250]);
  });

  test('of EHLO in a transaction: everything stays as it was (RFC 5321 §4.1.4)', () => {
    const session = sessionIn('data');
    ask(session, 'EHLO other.example', reply(550, null, 'No'));
    expect(session.hello).toEqual({ verb: 'EHLO', name: 'client.example' });
    expect(ask(session, 'DATA').code).toBe(354);
  });

  test('of RSET: the transaction goes on', () => {
    const session = sessionIn('data');
    ask(session, 'RSET', greylisted);
    expect(ask(session, 'DATA').code).toBe(354);
  });

  test('of DATA: what follows is a command', () => {
    const session = sessionIn('data');
    ask(session, 'DATA', greylisted);
    expect(session.expects).toBe('command');
    expect(ask(session, 'DATA').code).toBe(354);
  });

  test('of QUIT: the session goes on', () => {
    const session = sessionIn('mail');
    ask(session, 'QUIT', greylisted);
    expect(session.expects).toBe('command');
  });

  test('of STARTTLS: it stays in clear text', () => {
    const session = sessionIn('mail');
    ask(session, 'STARTTLS', reply(454, '4.7.0', 'Not now'));
    expect(stateOf(session)).toMatchObject({ expects: 'command', secure: false });
    expect(session.hello).not.toBeNull();
  });

  test('of credentials: nobody is logged in, and AUTH may be tried again', () => {
    const session = sessionIn('credentials');
    ask(session, base64('ann'));
    ask(session, base64('wrong'), reply(535, '5.7.8', 'Wrong'));
    expect(session.username).toBeNull();
    expect(askAll(session, ['AUTH LOGIN', base64('ann'), base64('right')])).toEqual([334, 334, 235]);
    expect(session.username).toBe('ann');
  });

  test('of a challenge in mid-exchange: the next line is a command', () => {
    const session = sessionIn('credentials');
    ask(session, base64('ann'), greylisted);
    expect(session.phase).toBe('mail');
  });

  test('of the greeting: the session is over', () => {
    const session = sessionIn('connect');
    session.commit(session.proposeGreeting(), reply(554, null, 'No service'));
    expect(session.phase).toBe('closed');
  });

  test('of the data: the transaction is over all the same', () => {
    const session = sessionIn('body');
    ask(session, { body: 10 }, greylisted);
    expect(stateOf(session)).toMatchObject({ phase: 'mail', transaction: null });
  });
});

describe('an acceptance that the protocol did not propose', () => {
  test.each([
    ['MAIL before EHLO', 'hello', 'MAIL FROM:<ann@example.org>'],
    ['MAIL with a bad path', 'mail', 'MAIL FROM:ann'],
    ['a second MAIL', 'data', 'MAIL FROM:<eve@example.org>'],
    ['RCPT without MAIL', 'mail', rcpt],
    ['RCPT with a bad path', 'rcpt', 'RCPT TO:bob'],
    ['DATA without RCPT', 'rcpt', 'DATA'],
    ['EHLO without a name', 'hello', 'EHLO'],
    ['RSET with an argument', 'data', 'RSET all'],
    ['QUIT with an argument', 'mail', 'QUIT now'],
    ['STARTTLS with an argument', 'data', 'STARTTLS now'],
    ['BDAT without RCPT', 'rcpt', 'BDAT 4'],
    ['DATA between chunks', 'chunks', 'DATA'],
    ['RCPT between chunks', 'chunks', rcpt],
    ['BDAT after a chunk that failed', 'reset', 'BDAT 4'],
    ['the last BDAT after a chunk that failed', 'reset', 'BDAT 4 LAST'],
    ['AUTH in a transaction', 'rcpt', `AUTH PLAIN ${base64('\0ann\0secret')}`],
    ['an unknown command', 'mail', 'XYZZY'],
  ] as const)('of %s moves nothing', (_what, phase, line) => {
    for (const code of [220, 250, 235, 334, 354]) {
      const session = sessionIn(phase);
      const before = stateOf(session);
      expect(proposalFor(session, line).refused).toBe(true);
      ask(session, line, reply(code, null, 'Fine'));
      expect(stateOf(session)).toEqual(before);
    }
  });

  test('of a cancelled exchange logs nobody in', () => {
    const session = sessionIn('credentials');
    ask(session, '*', reply(235, null, 'Fine'));
    expect(stateOf(session)).toMatchObject({ phase: 'mail', username: null });
  });

  test('of a body that is too large ends the transaction', () => {
    const session = sessionIn('body', { maxSize: 5, rejectOversized: true });
    expect(proposalFor(session, { body: 6 }).refused).toBe(true);
    ask(session, { body: 6 }, fine);
    expect(stateOf(session)).toMatchObject({ phase: 'mail', transaction: null });
  });

  test('235 in the middle of an exchange logs in whoever it is', () => {
    const session = sessionIn('credentials');
    ask(session, base64('ann'), reply(235, null, 'Fine'));
    expect(session.phase).toBe('mail');
    expect(session.username).not.toBeNull();
  });
});

describe('a reply of another kind than the one proposed', () => {
  test('250 to DATA: no body follows', () => {
    const session = sessionIn('data');
    ask(session, 'DATA', fine);
    expect(session.expects).toBe('command');
  });

  test('354 to RCPT: the recipient is not accepted', () => {
    const session = sessionIn('rcpt');
    ask(session, rcpt, reply(354, null, 'Go on'));
    expect(ask(session, 'DATA').code).toBe(503);
  });

  test('354 to the end of data: the transaction is over, and no other body follows', () => {
    const session = sessionIn('body');
    ask(session, { body: 10 }, reply(354, null, 'Go on'));
    expect(stateOf(session)).toMatchObject({ phase: 'mail', transaction: null });
  });

  test.each([
    ['an empty line', ''],
    ['anything else', base64('let me in')],
    ['what is no base64', '{"status":"401"}'],
    ['a cancellation', '*'],
  ])('334 to credentials: %s is refused, whatever it is (RFC 7628 §3.2.3)', (_what, line) => {
    const session = sessionIn('mail');
    ask(session, `AUTH XOAUTH2 ${credentials}`, reply(334, null, base64('{"status":"401"}')));
    expect(session.expects).toBe('credentials');
    expect(ask(session, line).code).toBe(line === '' || line === base64('let me in') ? 535 : 501);
    expect(stateOf(session)).toMatchObject({ phase: 'mail', username: null });
    expect(ask(session, `AUTH XOAUTH2 ${credentials}`).code).toBe(235);
  });
});

describe('the size of a body', () => {
  test.each([
    [5, { maxSize: 5, rejectOversized: true }, 250],
    [6, { maxSize: 5, rejectOversized: true }, 552],
    [6, { maxSize: 5 }, 250],
    [6, { rejectOversized: true }, 250],
  ])('%i octets with %o earn %i', (size, changes, code) => {
    expect(ask(sessionIn('body', changes), { body: size }).code).toBe(code);
  });
});

describe('421', () => {
  test.each(PHASES)('closes in %s', (phase) => {
    const session = sessionIn(phase);
    const proposal = phase === 'connect' ? session.proposeGreeting() : proposalFor(session, inputFor(session));
    session.commit(proposal, reply(421, '4.3.2', 'Bye'));
    expect(stateOf(session)).toMatchObject({ phase: 'closed', expects: 'nothing', transaction: null });
  });
});

test('421 to EHLO: nobody has said hello', () => {
  const session = sessionIn('hello');
  ask(session, 'EHLO client.example', reply(421, '4.3.2', 'Bye'));
  expect(session.hello).toBeNull();
});

describe('a session begins anew', () => {
  test.each(['rcpt', 'data', 'chunks', 'reset'] as const)(
    'with EHLO, HELO and RSET, in %s (RFC 5321 §4.1.4)',
    (phase) => {
      for (const line of ['EHLO again.example', 'HELO again.example', 'RSET']) {
        const session = sessionIn(phase);
        ask(session, line);
        expect(stateOf(session)).toMatchObject({ phase: 'mail', transaction: null });
        expect(askAll(session, ['DATA', rcpt, 'MAIL FROM:<>', rcpt, 'DATA'])).toEqual([503, 503, 250, 250, 354]);
      }
    },
  );

  test.each(['rcpt', 'data', 'chunks', 'reset'] as const)('with STARTTLS, in %s (RFC 3207 §4.2)', (phase) => {
    const session = sessionIn(phase);
    ask(session, 'STARTTLS');
    expect(stateOf(session)).toMatchObject({ phase: 'handshake', transaction: null });
    session.secured();
    expect(askAll(session, [rcpt, 'BDAT 4', 'EHLO again.example', rcpt, 'BDAT 4', 'MAIL FROM:<>', 'BDAT 4'])).toEqual([
      503, 503, 250, 503, 503, 250, 503,
    ]);
  });

  test('with a handshake as to all that was said in clear text (RFC 3207 §4.2)', () => {
    const session = sessionIn('mail');
    askAll(session, [`AUTH PLAIN ${base64('\0ann\0secret')}`, 'STARTTLS']);
    session.secured();
    expect(stateOf(session)).toMatchObject({
      phase: 'hello',
      secure: true,
      hello: null,
      username: null,
      transaction: null,
    });
    expect(askAll(session, ['MAIL FROM:<>', 'STARTTLS'])).toEqual([503, 503]);
  });

  test('and is not greeted before its handshake where TLS comes first', () => {
    const session = new Session(policyWith(), surroundingsWith());
    session.secured();
    expect(stateOf(session)).toMatchObject({ phase: 'connect', secure: true });
  });

  test('and keeps who logged in over RSET and EHLO', () => {
    const session = sessionIn('mail');
    askAll(session, [`AUTH PLAIN ${base64('\0ann\0secret')}`, 'RSET', 'EHLO again.example']);
    expect(session.username).toBe('ann');
  });
});

describe('proposing', () => {
  test('moves nothing', () => {
    for (const phase of PHASES) {
      const session = sessionIn(phase);
      const before = stateOf(session);
      for (const line of ['EHLO a', 'MAIL FROM:<>', rcpt, 'DATA', 'RSET', 'QUIT', 'STARTTLS']) {
        if (session.expects !== 'credentials') proposalFor(session, line);
      }
      proposalFor(session, { body: 1 });
      expect(stateOf(session)).toEqual(before);
    }
  });

  test.each([
    ['hello', 'MAIL FROM:ann', 503],
    ['hello', 'RCPT TO:bob', 503],
    ['rcpt', 'MAIL FROM:ann', 501],
    ['mail', 'RCPT TO:bob', 501],
    ['rcpt', 'MAIL FROM:<ann@example.org> X=1', 503],
    ['mail', 'RCPT TO:<bob@example.org> X=1', 503],
    ['rcpt', 'DATA now', 503],
    ['rcpt', 'AUTH', 503],
  ] as const)(
    'wants EHLO, then the syntax of a path, then the order, then the rest: in %s, %s',
    (phase, line, code) => {
      expect(ask(sessionIn(phase), line).code).toBe(code);
    },
  );

  test('demands AUTH in the words of the policy', () => {
    const demanding = { authRequired: true } as const;
    expect(ask(sessionIn('mail', demanding), 'MAIL FROM:<>')).toMatchObject({ code: 530, enhanced: '5.7.0' });
    expect(ask(sessionIn('mail', { ...demanding, authRequiredText: 'Who are you?' }), 'MAIL FROM:<>')).toEqual(
      reply(530, '5.7.0', 'Who are you?'),
    );
  });

  test('takes a mechanism for what it is in ASCII', () => {
    const session = sessionIn('mail');
    expect(askAll(session, ['AUTH pla\xc4\xb1n', 'AUTH plain'])).toEqual([504, 334]);
  });

  test('tells what was understood of a refused command', () => {
    const session = sessionIn('mail', { maxSize: 5 });
    expect(proposalFor(session, 'MAIL FROM:<ann@example.org> SIZE=6')).toMatchObject({
      refused: true,
      reversePath: { address: 'ann@example.org' },
      parameters: { SIZE: '6' },
    });
    expect(proposalFor(session, rcpt)).toMatchObject({ refused: true, forwardPath: { address: 'bob@example.com' } });
    expect(proposalFor(session, 'AUTH cram-md5')).toMatchObject({ refused: true, mechanism: 'CRAM-MD5' });
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('knows no command %s', (verb) => {
    expect(ask(sessionIn('mail'), verb).code).toBe(500);
    expect(ask(sessionIn('mail'), `MAIL FROM:<> ${verb.replaceAll('_', '')}=1`).code).toBe(555);
  });
});

/** Something that the phase may be asked. */
function inputFor(session: Session): string | { body: number } {
  return session.expects === 'body' ? { body: 1 } : 'NOOP';
}

function stateOf({ phase, expects, secure, hello, username, transaction }: Session): object {
  return structuredClone({ phase, expects, secure, hello, username, transaction });
}
