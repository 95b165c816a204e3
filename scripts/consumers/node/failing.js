// Run by `pnpm run compatibility` only, for what is printed of a failure.
import { test } from 'node:test';
import { startTestSmtp } from '@mailrig/fixture';
import { expectMail } from '@mailrig/matchers/node';
import { createTransport } from 'nodemailer';

test('a mail says goodbye', async (t) => {
  const mail = await startTestSmtp();
  t.after(() => mail.stop());

  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: 'ann@example.com',
    subject: 'Welcome',
  });

  expectMail(mail.messages[0]).toHaveSubject('Goodbye');
});
