// Run by `pnpm run compatibility` only: jest needs `node --experimental-vm-modules` for it.
import { expect, test } from '@jest/globals';
import { useTestSmtp } from '@mailrig/jest';
import { createTransport } from 'nodemailer';

const mail = useTestSmtp();

test('an ECMAScript module imports it', async () => {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });

  await expect(mail).toReceiveMessage({ to: 'ann@example.com' });
  await expect(mail).not.toReceiveMessage({ to: 'eve@example.com' });
  expect(mail.messages).toEqual([expect.toHaveEnvelope({ from: 'shop@example.com' })]);
  // @ts-expect-error there is no such field
  expect(() => expect(mail).toHaveEnvelope({ sender: 'shop@example.com' })).toThrow(/sender/);
});
