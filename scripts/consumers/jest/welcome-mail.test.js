const { afterEach, beforeEach, expect, test } = require('@jest/globals');
const { startTestSmtp } = require('@mailrig/jest');
const { createTransport } = require('nodemailer');

/** @type {import('@mailrig/jest').TestSmtp} */
let mail;
beforeEach(async () => {
  mail = await startTestSmtp();
});
afterEach(() => mail.stop());

test('a mail goes over verified STARTTLS', async () => {
  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: 'ann@example.com',
    subject: 'Welcome',
    text: 'Hello Ann',
  });

  await expect(mail).toReceiveMessage({ subject: /^welcome/i });
  const [message] = mail.messages;
  expect(message).toHaveEnvelope({ from: 'shop@example.com', to: ['ann@example.com'] });
  expect(message?.session.tls).toMatchObject({ mode: 'starttls', version: 'TLSv1.3' });
});
