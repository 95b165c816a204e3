import { mailTest, test } from '@mailrig/vitest';
import { createTransport, type Transporter } from 'nodemailer';
import { expect, inject } from 'vitest';

test('a mail comes to the inbox of a test', async ({ mail, inbox }) => {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: inbox.address, text: 'Hello' });

  const message = await inbox.waitForMessage();
  expect(message.messageId).toBeTypeOf('string');
  expect(message.raw).toMatchInlineSnapshot(`
    "From: shop@example.com
    To: a-mail-comes-to-the-inbox-of-a-t@inbox.test
    Message-ID: <message-id>
    Content-Transfer-Encoding: 7bit
    Date: <date>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8

    Hello
    "
  `);
});

test('the next test finds the server as it was', ({ mail }) => {
  expect(mail.sessions).toEqual([]);
});

test('what is not there is a difference', ({ mail }) => {
  const found = { message: mail.messages[0] };
  expect(() => expect(found).toEqual({ message: expect.toHaveSubject('Welcome') })).toThrow(/to deeply equal/);
});

const lmtpTest = mailTest({ protocol: 'lmtp', tls: 'none' }).extend<{ transport: Transporter }>({
  transport: async ({ mail }, use) => {
    const transport = createTransport(mail.connection);
    await use(transport);
    transport.close();
  },
});

lmtpTest('fixtures stand on fixtures', async ({ mail, transport }) => {
  await transport.sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });

  expect(mail).toHaveRecipientOutcome('ann@example.com', 'delivered');
  // @ts-expect-error there is no such member
  expect(mail.mails).toBeUndefined();
});

test('the global setup has started a server', async () => {
  expect(inject('mail').url).toMatchInlineSnapshot(`"smtp://127.0.0.1:<port>"`);
  expect(process.env['SMTP_PORT']).toBe(`${inject('mail').port}`);
  await createTransport(inject('mail').connection).verify();
});
