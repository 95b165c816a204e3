import { describe, expect, test } from 'vitest';
import { newAuthAttempt, newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { AuthAttemptExpectation } from './to-have-auth-attempt.ts';

const session = newSession({ authAttempts: [newAuthAttempt()], transactions: [{}] });
const silent = newSession({ number: 2 });

const anything = expect.anything();

describe('an attempt', () => {
  test.each<AuthAttemptExpectation>([
    {},
    { mechanism: 'PLAIN' },
    { mechanism: 'plain' },
    { mechanism: /PLAIN|LOGIN/ },
    { username: 'ann' },
    { username: expect.stringContaining('an') },
    { secret: 'hunter2' },
    { secret: /^hunter/ },
    { secret: anything },
    { secure: true },
    { accepted: true },
    { mechanism: 'PLAIN', username: 'ann', secret: 'hunter2', secure: true, accepted: true },
  ])('is %j', async (expected) => {
    await holds((expect) => expect(session).toHaveAuthAttempt(expected));
    await failureOf((expect) => expect(session).not.toHaveAuthAttempt(expected));
  });

  test.each<AuthAttemptExpectation>([
    { mechanism: 'LOGIN' },
    { mechanism: /plain/ },
    { username: 'an' },
    { username: expect.stringContaining('bob') },
    { secret: 'hunter' },
    { secure: false },
    { accepted: false },
    { mechanism: 'PLAIN', username: 'bob' },
  ])('is not %j', async (expected) => {
    await holds((expect) => expect(session).not.toHaveAuthAttempt(expected));
    await failureOf((expect) => expect(session).toHaveAuthAttempt(expected));
  });

  test('that ended early has neither username nor secret', async () => {
    const cancelled = newSession({ authAttempts: [newAuthAttempt({ username: null, secret: null, accepted: false })] });
    await holds((expect) => expect(cancelled).toHaveAuthAttempt({ accepted: false }));
    await holds((expect) => expect(cancelled).not.toHaveAuthAttempt({ username: /.*/ }));
    await holds((expect) => expect(cancelled).not.toHaveAuthAttempt({ secret: anything }));
  });
});

describe('the subject', () => {
  test('may be a session in which there was none', async () => {
    await holds((expect) => expect(silent).not.toHaveAuthAttempt());
    await failureOf((expect) => expect(silent).toHaveAuthAttempt());
  });
});

describe('the failure', () => {
  test('of a session', async () => {
    const refused = newSession({ authAttempts: [newAuthAttempt({ accepted: false })] });
    expect(await failureOf((expect) => expect(refused).toHaveAuthAttempt({ username: 'ann', accepted: true })))
      .toMatchInlineSnapshot(`
        "expect(session).toHaveAuthAttempt(expected)

        Expected: { username: 'ann', accepted: true }
        Received: { mechanism: 'PLAIN', username: 'ann', secure: true, accepted: false, reply: '535 5.7.8 Authentication failed' }

        First difference: accepted
          Expected: true
          Received: false

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of a server: the latest of the nearest', async () => {
    const login = newAuthAttempt({ mechanism: 'LOGIN' });
    const server = newServer([session, newSession({ number: 2, authAttempts: [login, login] })]);
    expect(await failureOf((expect) => expect(server).toHaveAuthAttempt({ username: /^bob/ }))).toMatchInlineSnapshot(`
      "expect(server).toHaveAuthAttempt(expected)

      Expected: { username: /^bob/ }
      Received: nothing like that in 2 sessions

      Nearest: AUTH attempt 2 of session 2, { mechanism: 'LOGIN', username: 'ann', secure: true, accepted: true, reply: '235 2.7.0 Authentication successful' }
      First difference: username
        Expected: /^bob/
        Received: 'ann'

      The end of session 2:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a session without an attempt', async () => {
    expect(await failureOf((expect) => expect(silent).toHaveAuthAttempt())).toMatchInlineSnapshot(`
      "expect(session).toHaveAuthAttempt()

      Expected: any AUTH attempt
      Received: no AUTH attempt in 1 session

      The end of session 2:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(session).not.toHaveAuthAttempt())).toMatchInlineSnapshot(`
      "expect(session).not.toHaveAuthAttempt()

      Expected: no AUTH attempt
      Received: { mechanism: 'PLAIN', username: 'ann', secure: true, accepted: true, reply: '235 2.7.0 Authentication successful' }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    const server = newServer([silent, session, newSession({ number: 3, authAttempts: [newAuthAttempt()] })]);
    expect(await failureOf((expect) => expect(server).not.toHaveAuthAttempt({ mechanism: 'plain' })))
      .toMatchInlineSnapshot(`
        "expect(server).not.toHaveAuthAttempt(expected)

        Expected: not { mechanism: 'plain' }
        Received: AUTH attempt 1 of session 1, { mechanism: 'PLAIN', username: 'ann', secure: true, accepted: true, reply: '235 2.7.0 Authentication successful' }

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });
});

describe('a secret', () => {
  test('that is the only difference is not shown', async () => {
    const expected = { username: 'ann', secret: 'correct horse' };
    expect(await failureOf((expect) => expect(session).toHaveAuthAttempt(expected))).toMatchInlineSnapshot(`
      "expect(session).toHaveAuthAttempt(expected)

      Expected: { username: 'ann', secret: '********' }
      Received: { mechanism: 'PLAIN', username: 'ann', secure: true, accepted: true, reply: '235 2.7.0 Authentication successful' }

      First difference: the secret, which is not shown

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test.each<AuthAttemptExpectation>([
    { secret: 'hunter3' },
    { secret: /^hunter3$/ },
    { secret: expect.stringContaining('hunter3') },
    { secret: 'hunter3', username: 'bob' },
  ])('is in no text: %#', async (expected) => {
    expect(await failureOf((expect) => expect(session).toHaveAuthAttempt(expected))).not.toContain('hunter');
  });

  test('is in no text of .not, or of a refusal', async () => {
    const text = await failureOf((expect) => expect(session).not.toHaveAuthAttempt({ secret: 'hunter2' }));
    expect(text).not.toContain('hunter2');
    const expected = { secret: 4711 } as unknown as AuthAttemptExpectation;
    expect(await failureOf((expect) => expect(session).toHaveAuthAttempt(expected))).toBe(
      'toHaveAuthAttempt: secret must be a string, a RegExp or an asymmetric matcher.',
    );
  });
});

test.each<[problem: string, expected: unknown]>([
  ['takes an object with mechanism, username, secure, accepted, secret, not null.', null],
  ["'reply' is no field of it. There are: mechanism, username, secure, accepted, secret.", { reply: 235 }],
  ["secure must be true or false, not 'yes'.", { secure: 'yes' }],
  ['username must be a string, a RegExp or an asymmetric matcher, not undefined.', { username: undefined }],
])('an expectation that can not be meant is refused: %s', async (problem, expected) => {
  const error = await errorOf((expect) => expect(session).not.toHaveAuthAttempt(expected as AuthAttemptExpectation));
  expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveAuthAttempt: ${problem}` });
});
