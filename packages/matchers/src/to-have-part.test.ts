import { startTestSmtp, type Part } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import type { PartExpectation } from './to-have-part.ts';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const content = {
  parts: [
    { contentType: 'multipart/mixed', text: undefined },
    { contentType: 'text/plain', charset: 'utf-8', encoding: 'quoted-printable', text: 'Hello Ann,\nwelcome\n' },
    {
      contentType: 'image/png',
      encoding: 'base64',
      disposition: 'inline',
      filename: 'Logo.png',
      contentId: 'logo@example.com',
      text: undefined,
    },
  ],
};
const message = newMessage({}, {}, content);

describe('a part', () => {
  test.each<PartExpectation>([
    {},
    { contentType: 'multipart/mixed' },
    Object.assign(Object.create(null), { contentType: 'image/png' }) as PartExpectation,
    { contentType: 'Text/Plain', charset: 'UTF-8', encoding: 'Quoted-Printable' },
    { text: 'Hello Ann,\nwelcome' },
    { text: /welcome$/, contentType: expect.stringMatching(/^text/) },
    { contentType: /png/, disposition: 'INLINE', filename: 'Logo.png', contentId: 'logo@example.com' },
  ])('is %o', async (expected) => {
    await holds((expect) => expect(message).toHavePart(expected));
    await failureOf((expect) => expect(message).not.toHavePart(expected));
  });

  test.each<PartExpectation>([
    { contentType: 'text' },
    { contentType: 'text/html' },
    { charset: 'iso-8859-1' },
    { encoding: '8bit' },
    { disposition: 'attachment' },
    { filename: 'logo.png' },
    { contentId: 'Logo@example.com' },
    { contentId: '<logo@example.com>' },
    { text: 'Hello Ann,\nwelcome\n' },
    { text: 'Hello Ann' },
    // Each of another part.
    { contentType: 'text/plain', filename: 'Logo.png' },
    { contentType: 'image/png', charset: expect.anything() },
    { contentType: 'image/png', text: /^/ },
  ])('is not %o', async (expected) => {
    await holds((expect) => expect(message).not.toHavePart(expected));
    await failureOf((expect) => expect(message).toHavePart(expected));
  });

  test('has its text decoded only where somebody asks for it', async () => {
    const costly = {
      get text(): string {
        throw new Error('decoded');
      },
    } as Partial<Part>;
    const message = { ...newMessage({}, {}), parts: [costly] };
    await holds((expect) => expect(message).toHavePart({}));
    await expect(holds((expect) => expect(message).toHavePart({ text: 'x' }))).rejects.toThrow('decoded');
  });

  test('is read of what nodemailer sent', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, {
      text: 'Grüße',
      html: '<img src="cid:logo@example.com">',
      attachments: [{ filename: 'naïve.png', content: Buffer.of(1, 2), cid: 'logo@example.com' }],
      icalEvent: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' },
    });

    await holds((expect) => expect(message).toHavePart({ contentType: 'multipart/alternative' }));
    await holds((expect) => expect(message).toHavePart({ contentType: 'text/plain', charset: 'utf-8', text: 'Grüße' }));
    await holds((expect) => expect(message).toHavePart({ contentType: 'text/calendar', text: /^END:VCALENDAR$/m }));
    await holds((expect) =>
      expect(message).toHavePart({ contentType: 'image/png', filename: 'naïve.png', contentId: 'logo@example.com' }),
    );
    await holds((expect) => expect(message).not.toHavePart({ contentType: 'text/html', charset: 'us-ascii' }));
  });

  test('of a mail that is nothing else has the text of the mail', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, { text: 'Hello' });

    await holds((expect) => expect(message).toHavePart({ contentType: 'text/plain', text: 'Hello' }));
  });
});

describe('the failure', () => {
  test('shows the nearest part', async () => {
    expect(
      await failureOf((expect) =>
        expect(message).toHavePart({ contentType: 'text/plain', charset: 'utf-8', text: 'Hello Bob' }),
      ),
    ).toMatchInlineSnapshot(`
      "expect(message).toHavePart(expected)

      Expected: { contentType: 'text/plain', charset: 'utf-8', text: 'Hello Bob' }
      Received: nothing like that in 1 message

      Nearest: part 2 in the message of transaction 1 of session 1, { contentType: 'text/plain', charset: 'utf-8', encoding: 'quoted-printable', text: 'Hello Ann,\\nwelcome' }
      First difference: text
        Expected: 'Hello Bob'
        Received: 'Hello Ann,\\nwelcome'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a long text shows the place', async () => {
    const text = `${'Hello Ann\n'.repeat(20_000)}undefined\n${'Bye\n'.repeat(100)}`;
    const long = newMessage({}, {}, { parts: [{ contentType: 'text/plain', text }] });
    expect(await failureOf((expect) => expect(long).not.toHavePart({ text: /undefined/ }))).toMatchInlineSnapshot(`
      "expect(message).not.toHavePart(expected)

      Expected: not { text: /undefined/ }
      Received: { contentType: 'text/plain', encoding: '7bit', text: '…Hello Ann\\nHello Ann\\nHello Ann\\nHello Ann\\nundefined\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nBye\\nB'... 250 more characters }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('without a part, for the content was not read', async () => {
    const parseProblem = new Error('not parsed: there are more than 256 parts');
    const unread = newMessage({}, {}, { parseProblem });
    expect(await failureOf((expect) => expect(unread).not.toHavePart({}))).toMatchInlineSnapshot(`
      "expect(message).not.toHavePart(expected)

      Expected: no part
      Received: the message of transaction 1 of session 1 is not parsed: there are more than 256 parts

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
  const fields = 'contentType, charset, encoding, disposition, filename, contentId, text';

  test.each<[problem: string, expected: unknown]>([
    [`takes an object with ${fields}, not undefined.`, undefined],
    [`takes an object with ${fields}, not 'text/html'.`, 'text/html'],
    [`'size' is no field of it. There are: ${fields}.`, { size: 42 }],
    [`charset must be ${patterns}, not undefined.`, { charset: undefined }],
    [
      `contentType must be ${patterns} for a type such as 'text/html', without parameters, not undefined.`,
      { contentType: undefined },
    ],
    [
      `contentType must be ${patterns} for a type such as 'text/html', without parameters, not 'text/html; charset=utf-8'.`,
      { contentType: 'text/html; charset=utf-8' },
    ],
  ])('%s', async (problem, expected) => {
    const error = await refusalOf(message, (claims) => claims.toHavePart(expected as PartExpectation));
    expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHavePart: ${problem}` });
  });
});
