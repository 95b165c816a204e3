// Run by `pnpm run compatibility` only, for what is printed of a failure.
import { expect, test } from '@mailrig/playwright';
import { createTransport } from 'nodemailer';

test('a mail says goodbye', async ({ mail }) => {
  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: 'ann@example.com',
    subject: 'Welcome',
  });

  expect(mail.messages[0]).toHaveSubject('Goodbye');
});
