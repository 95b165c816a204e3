import { startTestSmtp } from '@mailrig/vitest';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';

test('a mail goes over verified STARTTLS', async () => {
  await using mail = await startTestSmtp();

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
