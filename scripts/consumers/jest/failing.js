// Run by `pnpm run compatibility` only, for what is printed of a failure.
const { expect, test } = require('@jest/globals');
const { useTestSmtp } = require('@mailrig/jest');
const { createTransport } = require('nodemailer');

const mail = useTestSmtp();

test('a mail says goodbye', async () => {
  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: 'ann@example.com',
    subject: 'Welcome',
  });

  expect(mail.messages[0]).toHaveSubject('Goodbye');
});
