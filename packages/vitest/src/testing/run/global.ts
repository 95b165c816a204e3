// What the global setup gives, and a snapshot by the serializer of the configuration.
import { createTransport } from 'nodemailer';
import { expect, inject, test } from 'vitest';
import type { ProvidedMail } from '../../global-setup.ts';

test('the address is provided', async () => {
  const { host, port, url, ca, connection }: ProvidedMail = inject('mail');
  expect(url).toBe(`smtp://${host}:${port}`);
  expect(connection.tls).toEqual({ ca });
  await createTransport(connection).verify();
});

test('and in the environment', () => {
  expect(process.env['SMTP_URL']).toBe(inject('mail').url);
  expect(process.env['SMTP_PORT']).toBe(`${inject('mail').port}`);
  expect(process.env['NODE_EXTRA_CA_CERTS']).toMatch(/ca\.pem$/);
});

test('a snapshot is steady', () => {
  expect(inject('mail').url).toMatchInlineSnapshot(`"smtp://127.0.0.1:<port>"`);
});
