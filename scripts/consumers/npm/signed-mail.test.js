// mailauth brings an older @peculiar/asn1-schema: once it came to lie where selfsigned found it, and no server could make a certificate.
import { generateKeyPairSync } from 'node:crypto';
import { startTestSmtp } from '@mailrig/vitest';
import { createTransport } from 'nodemailer';
import { expect, onTestFinished, test } from 'vitest';

test('beside mailauth, as npm places both, a signed mail goes over verified STARTTLS', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const dkim = { domainName: 'shop.example', keySelector: 'mail', privateKey: pem };
  const mail = await startTestSmtp();
  onTestFinished(() => mail.stop());

  await createTransport({ ...mail.connection, dkim }).sendMail({
    from: 'shop@shop.example',
    to: 'ann@example.com',
    subject: 'Your order',
    text: 'It is on its way.',
  });

  expect(mail.messages[0]).toHaveNegotiatedTls({ via: 'starttls' });
  await expect(mail).toHaveValidDkim({ domain: 'shop.example', selector: 'mail', publicKey });
});
