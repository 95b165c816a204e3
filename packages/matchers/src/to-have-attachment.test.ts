import { startTestSmtp, type Attachment, type Pattern } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import type { AttachmentExpectation } from './to-have-attachment.ts';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const content = {
  attachments: [
    { filename: 'invoice.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7\nInvoice 42') },
    {
      contentType: 'image/png',
      content: Buffer.of(0x89, 0x50, 0x4e, 0x47),
      inline: true,
      contentId: 'logo@example.com',
    },
  ],
};
const message = newMessage({}, {}, content);

describe('an attachment', () => {
  test.each<Pattern | AttachmentExpectation>([
    {},
    'invoice.pdf',
    /\.pdf$/,
    expect.stringContaining('invoice'),
    { filename: 'invoice.pdf', contentType: 'Application/PDF', inline: false },
    { contentId: 'logo@example.com', inline: true, contentType: /^image/ },
    { content: '%PDF-1.7\nInvoice 42' },
    { content: /Invoice \d+$/ },
    { content: expect.stringContaining('PDF') },
    { content: Buffer.of(0x89, 0x50, 0x4e, 0x47) },
    { content: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) },
  ])('is %o', async (expected) => {
    await holds((expect) => expect(message).toHaveAttachment(expected));
    await failureOf((expect) => expect(message).not.toHaveAttachment(expected));
  });

  test.each<Pattern | AttachmentExpectation>([
    'invoice',
    /\.docx$/,
    { filename: 'Invoice.pdf' },
    { contentType: 'application' },
    { contentId: '<logo@example.com>' },
    { content: 'Invoice 42' },
    { content: /Invoice 43/ },
    { content: Buffer.of(0x89, 0x50, 0x4e) },
    { content: Buffer.of(0x89, 0x50, 0x4e, 0x47, 0) },
    { content: Buffer.of(0x89, 0x50, 0x4f, 0x47) },
    { content: Buffer.alloc(0) },
    // Each of another one.
    { filename: 'invoice.pdf', inline: true },
    { contentType: 'image/png', inline: false },
    { contentType: 'image/png', filename: expect.anything() },
    { contentType: 'image/png', content: /PDF/ },
  ])('is not %o', async (expected) => {
    await holds((expect) => expect(message).not.toHaveAttachment(expected));
    await failureOf((expect) => expect(message).toHaveAttachment(expected));
  });

  test('is any, without a filter', async () => {
    await holds((expect) => expect(message).toHaveAttachment());
    await holds((expect) => expect(newMessage()).not.toHaveAttachment());
    await failureOf((expect) => expect(newMessage()).toHaveAttachment());
  });

  test('has its content decoded only where somebody asks for it', async () => {
    const costly = {
      get content(): Buffer {
        throw new Error('decoded');
      },
    } as Attachment;
    const message = { ...newMessage(), attachments: [costly] };
    await holds((expect) => expect(message).toHaveAttachment());
    await expect(holds((expect) => expect(message).toHaveAttachment({ content: 'x' }))).rejects.toThrow('decoded');
  });

  test('is read of what nodemailer sent', async () => {
    await using mail = await startTestSmtp();
    const octets = Buffer.from(Array.from({ length: 9000 }, (_, index) => index % 251));
    const message = await send(mail, {
      html: '<img src="cid:logo@example.com">',
      attachments: [
        { filename: 'Größe.bin', content: octets },
        { filename: 'note.txt', content: 'Grüße\n', contentType: 'text/plain; charset=utf-8' },
        { filename: 'logo.png', content: Buffer.of(1, 2), cid: 'logo@example.com' },
      ],
    });

    await holds((expect) =>
      expect(message).toHaveAttachment({ filename: 'Größe.bin', content: octets, inline: false }),
    );
    await holds((expect) => expect(message).toHaveAttachment({ contentType: 'text/plain', content: 'Grüße\n' }));
    await holds((expect) => expect(message).toHaveAttachment({ contentId: 'logo@example.com', inline: true }));
    await holds((expect) => expect(message).not.toHaveAttachment({ content: octets.subarray(1) }));
    expect(
      await failureOf((expect) =>
        expect(message).toHaveAttachment({ filename: 'Größe.bin', content: octets.fill(0, 4096, 4097) }),
      ),
    ).toMatchInlineSnapshot(`
        "expect(message).toHaveAttachment(expected)

        Expected: { filename: 'Größe.bin', content: '9000 octets: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f …' }
        Received: nothing like that in 1 message

        Nearest: attachment 2 in the message of transaction 1 of session 1, { filename: 'Größe.bin', contentType: 'application/octet-stream', inline: false, content: '9000 octets, from 4092 on: 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b …' }
        First difference: content
          Expected: '9000 octets, from 4092 on: 4c 4d 4e 4f 00 51 52 53 54 55 56 57 58 59 5a 5b …'
          Received: '9000 octets, from 4092 on: 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b …'

        The end of session 1:
          C: MAIL FROM:<shop@example.com>
          S: 250 2.1.0 Sender accepted
          C: RCPT TO:<ann@example.com>
          S: 250 2.1.5 Recipient accepted
          C: DATA
          S: 354 End data with <CR><LF>.<CR><LF>
          * 13526 octets of content
          S: 250 2.6.0 Message accepted"
      `);
  });
});

describe('the failure', () => {
  test('shows the nearest', async () => {
    expect(await failureOf((expect) => expect(message).toHaveAttachment({ filename: /invoice/, inline: true })))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveAttachment(expected)

        Expected: { filename: /invoice/, inline: true }
        Received: nothing like that in 1 message

        Nearest: attachment 1 in the message of transaction 1 of session 1, { filename: 'invoice.pdf', contentType: 'application/pdf', inline: false }
        First difference: inline
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

  test('of the content as text', async () => {
    expect(
      await failureOf((expect) => expect(message).toHaveAttachment({ filename: /invoice/, content: 'Invoice 42' })),
    ).toMatchInlineSnapshot(`
      "expect(message).toHaveAttachment(expected)

      Expected: { filename: /invoice/, content: 'Invoice 42' }
      Received: nothing like that in 1 message

      Nearest: attachment 1 in the message of transaction 1 of session 1, { filename: 'invoice.pdf', contentType: 'application/pdf', inline: false, content: '%PDF-1.7\\nInvoice 42' }
      First difference: content
        Expected: 'Invoice 42'
        Received: '%PDF-1.7\\nInvoice 42'
        A string must match whole. For a part of it write a RegExp or expect.stringContaining(…).

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of the content as octets', async () => {
    expect(
      await failureOf((expect) =>
        expect(message).toHaveAttachment({ contentType: 'image/png', content: Buffer.of(0x89, 0x50, 0) }),
      ),
    ).toMatchInlineSnapshot(`
      "expect(message).toHaveAttachment(expected)

      Expected: { contentType: 'image/png', content: '3 octets: 89 50 00' }
      Received: nothing like that in 1 message

      Nearest: attachment 2 in the message of transaction 1 of session 1, { contentType: 'image/png', inline: true, contentId: 'logo@example.com', content: '4 octets: 89 50 4e 47' }
      First difference: content
        Expected: '3 octets: 89 50 00'
        Received: '4 octets: 89 50 4e 47'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of few octets shows them all, wherever they differ', async () => {
    const octets = Buffer.from('0123456789abcdef');
    const short = newMessage({}, {}, { attachments: [{ content: octets }] });
    const other = Buffer.from('0123456789aXcdef');
    expect(await failureOf((expect) => expect(short).toHaveAttachment({ content: other }))).toContain(
      `Received: '16 octets: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66'`,
    );
  });

  test('of none', async () => {
    expect(await failureOf((expect) => expect(newMessage()).toHaveAttachment('invoice.pdf'))).toMatchInlineSnapshot(`
      "expect(message).toHaveAttachment(expected)

      Expected: { filename: 'invoice.pdf' }
      Received: no attachment in 1 message

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(newMessage()).toHaveAttachment())).toContain(
      '\nExpected: any attachment\n',
    );
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(message).not.toHaveAttachment())).toMatchInlineSnapshot(`
      "expect(message).not.toHaveAttachment()

      Expected: no attachment
      Received: attachment 1 in the message of transaction 1 of session 1, { filename: 'invoice.pdf', contentType: 'application/pdf', inline: false }

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
  const fields = 'filename, contentType, inline, contentId, content';

  test.each<[problem: string, expected: unknown]>([
    [`takes ${patterns} for the filename, or an object with ${fields}, not undefined.`, undefined],
    [`takes ${patterns} for the filename, or an object with ${fields}, not an array.`, ['invoice.pdf']],
    [
      `takes ${patterns} for the filename, or an object with ${fields}, not an instance of Buffer.`,
      Buffer.from('invoice'),
    ],
    [`'size' is no field of it. There are: ${fields}.`, { size: 42 }],
    [`inline must be true or false, not 'yes'.`, { inline: 'yes' }],
    [`content must be a Uint8Array, ${patterns}, not 42.`, { content: 42 }],
    [
      `contentType must be ${patterns} for a type such as 'text/html', without parameters, not 'text/csv; header=absent'.`,
      { contentType: 'text/csv; header=absent' },
    ],
  ])('%s', async (problem, expected) => {
    const error = await refusalOf(message, (claims) => claims.toHaveAttachment(expected as AttachmentExpectation));
    expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveAttachment: ${problem}` });
  });
});
