import { startTestSmtp, type Pattern } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const content = { fields: { 'x-tag': ['welcome', 'onboarding'], 'list-id': ['<news.example.com>'] } };
const message = newMessage({}, {}, content);

describe('a header field', () => {
  test.each<[name: string, value?: Pattern]>([
    ['X-Tag'],
    ['x-tag', 'welcome'],
    ['X-TAG', 'onboarding'],
    ['X-Tag', /^on/],
    ['List-Id', expect.stringContaining('news')],
  ])('is %s: %s', async (...args) => {
    await holds((expect) => expect(message).toHaveHeader(...args));
    await failureOf((expect) => expect(message).not.toHaveHeader(...args));
  });

  test.each<[name: string, value?: Pattern]>([
    ['X-Mailer'],
    ['X-Mailer', /./],
    ['X-Tag', 'board'],
    ['X-Tag', /^board/],
    ['List-Id', 'welcome'],
    ['List-Id', ''],
  ])('is not %s: %s', async (...args) => {
    await holds((expect) => expect(message).not.toHaveHeader(...args));
    await failureOf((expect) => expect(message).toHaveHeader(...args));
  });

  test('is read of what nodemailer sent, unfolded and decoded', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, {
      headers: { 'X-Order': 'Bücher '.repeat(30).trim(), 'X-Tag': ['one', 'two'] },
      text: 'Hello',
    });

    await holds((expect) => expect(message).toHaveHeader('X-Order', 'Bücher '.repeat(30).trim()));
    await holds((expect) => expect(message).toHaveHeader('x-tag', 'two'));
    await holds((expect) => expect(message).toHaveHeader('MIME-Version', '1.0'));
    await holds((expect) => expect(message).not.toHaveHeader('Bcc'));
  });
});

describe('the failure', () => {
  test('of one field', async () => {
    expect(await failureOf((expect) => expect(message).toHaveHeader('List-Id', 'news.example.com')))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveHeader(name, value)

        Expected: { 'List-Id': 'news.example.com' }
        Received: { 'List-Id': '<news.example.com>' }

        First difference: List-Id
          Expected: 'news.example.com'
          Received: '<news.example.com>'
          A string must match whole. For a part of it write a RegExp or expect.stringContaining(…).

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of several', async () => {
    expect(await failureOf((expect) => expect(message).toHaveHeader('X-Tag', /^bye/))).toMatchInlineSnapshot(`
      "expect(message).toHaveHeader(name, value)

      Expected: { 'X-Tag': /^bye/ }
      Received: nothing like that in 1 message

      Nearest: X-Tag field 2 in the message of transaction 1 of session 1, { 'X-Tag': 'onboarding' }
      First difference: X-Tag
        Expected: /^bye/
        Received: 'onboarding'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('without such a field', async () => {
    expect(await failureOf((expect) => expect(message).toHaveHeader('X-Mailer'))).toMatchInlineSnapshot(`
      "expect(message).toHaveHeader(name)

      Expected: any X-Mailer field
      Received: no X-Mailer field in 1 message

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(message).not.toHaveHeader('List-Id'))).toMatchInlineSnapshot(`
      "expect(message).not.toHaveHeader(name)

      Expected: no List-Id field
      Received: { 'List-Id': '<news.example.com>' }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(message).not.toHaveHeader('X-Tag', 'onboarding'))).toContain(
      "Received: X-Tag field 2 in the message of transaction 1 of session 1, { 'X-Tag': 'onboarding' }",
    );
  });
});

describe('an expectation that can not be meant is refused', () => {
  const name = "the name must be a field name such as 'List-Id', without its colon, not";

  test.each<[problem: string, args: readonly unknown[]]>([
    [`${name} undefined.`, []],
    [`${name} ''.`, ['']],
    [`${name} 'List-Id:'.`, ['List-Id:']],
    [`${name} 'List Id'.`, ['List Id']],
    [`${name} an instance of RegExp.`, [/List-Id/]],
    ['the value must be a string, a RegExp or an asymmetric matcher, not undefined.', ['List-Id', undefined]],
    ['the value must be a string, a RegExp or an asymmetric matcher, not an array.', ['List-Id', ['x']]],
  ])('%s', async (problem, args) => {
    const error = await refusalOf(message, (claims) => claims.toHaveHeader(...(args as [string])));
    expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveHeader: ${problem}` });
  });
});
