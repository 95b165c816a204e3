import { startTestSmtp, type LinkFilter } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const content = {
  links: [
    { url: 'https://shop.example/confirm?token=abc', label: 'Confirm your address' },
    { url: 'https://shop.example/help', label: 'Help' },
  ],
};
const message = newMessage({}, {}, content);

describe('a link', () => {
  test.each<LinkFilter>([
    {},
    'https://shop.example/help',
    /token=\w+$/,
    expect.stringContaining('confirm'),
    { url: 'https://shop.example/help', label: 'Help' },
    { label: /^Confirm/ },
    { label: expect.stringContaining('address'), url: /^https:/ },
  ])('is %o', async (expected) => {
    await holds((expect) => expect(message).toHaveLink(expected));
    await failureOf((expect) => expect(message).not.toHaveLink(expected));
  });

  test.each<LinkFilter>([
    'https://shop.example/',
    'Help',
    /^http:/,
    { label: 'Confirm' },
    { label: 'help' },
    // Each of another link.
    { url: 'https://shop.example/help', label: /Confirm/ },
    { url: /confirm/, label: 'Help' },
  ])('is not %o', async (expected) => {
    await holds((expect) => expect(message).not.toHaveLink(expected));
    await failureOf((expect) => expect(message).toHaveLink(expected));
  });

  test('is any, without a filter', async () => {
    await holds((expect) => expect(message).toHaveLink());
    await holds((expect) => expect(newMessage()).not.toHaveLink());
    await failureOf((expect) => expect(newMessage()).toHaveLink());
  });

  test('is read of what nodemailer sent, in both bodies', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, {
      text: 'Confirm: https://shop.example/confirm?a=1&b=2.',
      html: '<a href="https://shop.example/confirm?a=1&amp;b=2">Confirm <b>now</b></a> <a href="mailto:x@y.z">Mail</a>',
    });

    await holds((expect) => expect(message).toHaveLink('https://shop.example/confirm?a=1&b=2'));
    await holds((expect) => expect(message).toHaveLink({ label: 'Confirm now', url: /b=2$/ }));
    await holds((expect) => expect(message).not.toHaveLink({ label: 'Mail' }));
    expect(await failureOf((expect) => expect(message).toHaveLink({ label: 'Confirm', url: /^https:/ })))
      .toContain(`Nearest: link 2 in the message of transaction 1 of session 1, \
{ url: 'https://shop.example/confirm?a=1&b=2', label: 'Confirm now' }`);
  });
});

describe('the failure', () => {
  test('shows the nearest', async () => {
    expect(await failureOf((expect) => expect(message).toHaveLink({ url: /confirm/, label: 'Confirm' })))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveLink(expected)

        Expected: { url: /confirm/, label: 'Confirm' }
        Received: nothing like that in 1 message

        Nearest: link 1 in the message of transaction 1 of session 1, { url: 'https://shop.example/confirm?token=abc', label: 'Confirm your address' }
        First difference: label
          Expected: 'Confirm'
          Received: 'Confirm your address'
          A string must match whole. For a part of it write a RegExp or expect.stringContaining(…).

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of a long address shows where it differs', async () => {
    const url = `https://click.example/${'c'.repeat(400)}?to=`;
    const tracked = newMessage({}, {}, { links: [{ url: `${url}shop.example`, label: 'Shop' }] });
    expect(await failureOf((expect) => expect(tracked).toHaveLink(`${url}shop.test`))).toMatchInlineSnapshot(`
      "expect(message).toHaveLink(expected)

      Expected: { url: 'https://click.example/cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'... 235 more characters }
      Received: { url: '…ccccccccccccccccccccccccccccccc?to=shop.example', label: 'Shop' }

      First difference: url
        Expected: '…ccccccccccccccccccccccccccccccc?to=shop.test'
        Received: '…ccccccccccccccccccccccccccccccc?to=shop.example'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of none', async () => {
    expect(await failureOf((expect) => expect(newMessage()).toHaveLink())).toMatchInlineSnapshot(`
      "expect(message).toHaveLink()

      Expected: any link
      Received: no link in 1 message

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(message).not.toHaveLink(/help/))).toMatchInlineSnapshot(`
      "expect(message).not.toHaveLink(expected)

      Expected: not { url: /help/ }
      Received: link 2 in the message of transaction 1 of session 1, { url: 'https://shop.example/help', label: 'Help' }

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
  const patterns = 'a string, a RegExp or an asymmetric matcher';

  test.each<[problem: string, expected: unknown]>([
    [`takes ${patterns} for the url, or an object with url, label, not undefined.`, undefined],
    [`takes ${patterns} for the url, or an object with url, label, not null.`, null],
    [`'title' is no field of it. There are: url, label.`, { title: 'Help' }],
    [
      `takes ${patterns} for the url, or an object with url, label, not an instance of URL.`,
      new URL('https://shop.example/'),
    ],
    [`label must be ${patterns}, not undefined.`, { label: undefined }],
  ])('%s', async (problem, expected) => {
    const error = await refusalOf(message, (claims) => claims.toHaveLink(expected as LinkFilter));
    expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveLink: ${problem}` });
  });
});
