// Run by `pnpm run compatibility` only, for what is printed of a failure.
import { startTestSmtp } from '@mailrig/vitest';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';

test('a mail says goodbye', async () => {
  await using mail = await startTestSmtp();

  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: 'ann@example.com',
    subject: 'Welcome',
  });

  expect(mail.messages[0]).toHaveSubject('Goodbye');
});
