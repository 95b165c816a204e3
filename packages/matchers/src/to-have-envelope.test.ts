import { describe, expect, test } from 'vitest';
import type { EnvelopeExpectation } from './to-have-envelope.ts';
import { newMessage, newServer, newSession } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';

const envelope = {
  from: 'ann@example.com',
  to: ['bob@example.com', 'eve@example.org'],
  parameters: { SIZE: '1024', SMTPUTF8: true },
} as const;
const message = newMessage(envelope);
const bounce = newMessage({ from: null, to: ['ann@example.com'] });

describe('an envelope', () => {
  test.each<EnvelopeExpectation>([
    {},
    { from: 'ann@example.com' },
    { from: /@example\.com$/ },
    { from: expect.stringContaining('ann') },
    { to: 'eve@example.org' },
    { to: /^bob@/ },
    { to: expect.stringContaining('eve') },
    { to: expect.arrayContaining(['eve@example.org', 'bob@example.com']) },
    { to: ['bob@example.com', /^eve@/] },
    { params: {} },
    { params: { SIZE: '1024' } },
    { params: { size: /^\d+$/, SmtpUtf8: true } },
    { from: 'ann@example.com', to: ['bob@example.com', 'eve@example.org'], params: { SIZE: expect.any(String) } },
  ])('is %j', async (expected) => {
    await holds((expect) => expect(message).toHaveEnvelope(expected));
    await failureOf((expect) => expect(message).not.toHaveEnvelope(expected));
  });

  test.each<EnvelopeExpectation>([
    { from: 'ann' },
    { from: null },
    { from: /bob/ },
    { from: expect.stringContaining('bob') },
    { to: 'bob' },
    { to: [] },
    { to: ['bob@example.com'] },
    { to: ['eve@example.org', 'bob@example.com'] },
    { to: ['bob@example.com', 'carol@example.com'] },
    { to: ['bob@example.com', 'eve@example.org', 'eve@example.org'] },
    { to: expect.stringContaining('carol') },
    { params: { BODY: '8BITMIME' } },
    { params: { SIZE: true } },
    { params: { SMTPUTF8: expect.any(String) } },
    { params: { toString: expect.anything() } },
    { from: 'ann@example.com', to: 'carol@example.com' },
  ])('is not %j', async (expected) => {
    await holds((expect) => expect(message).not.toHaveEnvelope(expected));
    await failureOf((expect) => expect(message).toHaveEnvelope(expected));
  });

  test('of a bounce has the null reverse-path', async () => {
    await holds((expect) => expect(bounce).toHaveEnvelope({ from: null }));
    await holds((expect) => expect(bounce).not.toHaveEnvelope({ from: '' }));
  });
});

describe('the failure', () => {
  test('of a message', async () => {
    expect(await failureOf((expect) => expect(message).toHaveEnvelope({ from: /ann/, to: ['bob@example.com'] })))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveEnvelope(expected)

        Expected: { from: /ann/, to: [ 'bob@example.com' ] }
        Received: { from: 'ann@example.com', to: [ 'bob@example.com', 'eve@example.org' ], params: { SIZE: '1024', SMTPUTF8: true } }

        First difference: to
          Expected: [ 'bob@example.com' ]
          Received: [ 'bob@example.com', 'eve@example.org' ]

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of a server: the nearest of its envelopes', async () => {
    const sessions = [newSession({ transactions: [{ envelope }] }), newSession({ number: 2, transactions: [{}, {}] })];
    const expected = { from: 'ann@example.com', to: 'eve@example.org', params: { size: expect.stringMatching(/^20/) } };
    expect(await failureOf((expect) => expect(newServer(sessions)).toHaveEnvelope(expected))).toMatchInlineSnapshot(`
      "expect(server).toHaveEnvelope(expected)

      Expected: { from: 'ann@example.com', to: 'eve@example.org', params: { size: StringMatching /^20/ } }
      Received: nothing like that in 2 sessions

      Nearest: transaction 1 of session 1, { from: 'ann@example.com', to: [ 'bob@example.com', 'eve@example.org' ], params: { SIZE: '1024', SMTPUTF8: true } }
      First difference: params.size
        Expected: StringMatching /^20/
        Received: '1024'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('has fewer differences before a later one', async () => {
    const sender = { from: 'eve@example.com', to: ['bob@example.com'], parameters: { SIZE: '1' } };
    const rest = { from: 'ann@example.com', to: ['carol@example.com'], parameters: { SIZE: '2' } };
    const session = newSession({ transactions: [{ envelope: sender }, { envelope: rest }] });
    const expected = { from: 'ann@example.com', to: 'bob@example.com', params: { SIZE: '1' } };
    expect(await failureOf((expect) => expect(session).toHaveEnvelope(expected))).toContain(
      'Nearest: transaction 1 of session 1, ',
    );
  });

  test('of a session without a transaction', async () => {
    expect(await failureOf((expect) => expect(newSession()).toHaveEnvelope({ from: null }))).toMatchInlineSnapshot(`
      "expect(session).toHaveEnvelope(expected)

      Expected: { from: null }
      Received: no envelope in 1 session

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(newSession()).toHaveEnvelope({}))).toContain(
      '\nExpected: any envelope\n',
    );
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(message).not.toHaveEnvelope({ to: /^eve@/ }))).toMatchInlineSnapshot(`
      "expect(message).not.toHaveEnvelope(expected)

      Expected: not { to: /^eve@/ }
      Received: { from: 'ann@example.com', to: [ 'bob@example.com', 'eve@example.org' ], params: { SIZE: '1024', SMTPUTF8: true } }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    const server = newServer([newSession({ transactions: [{}, { envelope }] })]);
    expect(await failureOf((expect) => expect(server).not.toHaveEnvelope({ to: /^eve@/ }))).toMatchInlineSnapshot(`
      "expect(server).not.toHaveEnvelope(expected)

      Expected: not { to: /^eve@/ }
      Received: transaction 2 of session 1, { from: 'ann@example.com', to: [ 'bob@example.com', 'eve@example.org' ], params: { SIZE: '1024', SMTPUTF8: true } }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});

describe('an expectation that can not be meant is refused', () => {
  test.each<[problem: string, expected: unknown]>([
    ['takes an object with from, to, params, not undefined.', undefined],
    ["takes an object with from, to, params, not 'bob@example.com'.", 'bob@example.com'],
    ["'subject' is no field of it. There are: from, to, params.", { subject: 'Hello' }],
    ["'toString' is no field of it. There are: from, to, params.", { toString: 'x' }],
    ['from must be null, a string, a RegExp or an asymmetric matcher, not undefined.', { from: undefined }],
    ['to must be a string, a RegExp or an asymmetric matcher, or an array of them, not null.', { to: null }],
    ['to must be a string, a RegExp or an asymmetric matcher, or an array of them, not an array.', { to: [1] }],
    [
      'params must be an object of parameters, each true, a string, a RegExp or an asymmetric matcher, not an object.',
      { params: { SIZE: 1024 } },
    ],
  ])('%s', async (problem, expected) => {
    const error = await refusalOf(message, (claims) => claims.toHaveEnvelope(expected as EnvelopeExpectation));
    expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveEnvelope: ${problem}` });
    expect(error).toBeInstanceOf(TypeError);
  });
});
