// Mails that nodemailer sends to a real server.
import type { Message, TestSmtp } from '@mailrig/fixture';
import { createTransport, type SendMailOptions } from 'nodemailer';

/** From the shop to Ann, with what a test wants of it. */
export async function send(mail: TestSmtp, options: SendMailOptions): Promise<Message> {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: 'ann@example.com', ...options });
  return mail.waitForMessage();
}
