// Mails with DKIM signatures, as a real server got them.
import { generateKeyPairSync } from 'node:crypto';
import { startTestSmtp, type Message } from '@mailrig/fixture';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { onTestFinished } from 'vitest';
import { signed, type SignatureParts } from './dkim-signer.ts';

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ed25519 = generateKeyPairSync('ed25519');

export const RAW = [
  'From: The Shop <shop@shop.example>',
  'To: ann@example.com',
  'Subject:  Your   order',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  '',
  'Thank  you. ',
  '',
  'The Shop',
  '',
  '',
].join('\r\n');

/** What a server got. */
export async function deliver(...mails: readonly SendMailOptions[]): Promise<Message> {
  const mail = await startTestSmtp({ tls: 'none' });
  onTestFinished(() => mail.stop());
  for (const options of mails) {
    await createTransport(mail.connection).sendMail({ from: 'shop@shop.example', to: 'ann@example.com', ...options });
  }
  await mail.idle();
  return mail.messages.at(-1)!;
}

export const deliverRaw = (raw: string): Promise<Message> =>
  deliver({ envelope: { from: 'shop@shop.example', to: 'ann@example.com' }, raw });

export const deliverSigned = (parts: SignatureParts, raw = RAW): Promise<Message> => deliverRaw(signed(raw, parts));
