import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestSmtp } from '@mailrig/fixture';
import { ExpectationError } from '@mailrig/matchers';
import { expectMail } from '@mailrig/matchers/node';
import { createTransport } from 'nodemailer';

test('a mail goes over verified STARTTLS', async (t) => {
  const mail = await startTestSmtp();
  t.after(() => mail.stop());

  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: 'ann@example.com',
    subject: 'Welcome',
    text: 'Hello Ann',
  });

  await expectMail(mail).toReceiveMessage({ subject: /^welcome/i });
  const [message] = mail.messages;
  expectMail(message).toHaveEnvelope({ from: 'shop@example.com', to: ['ann@example.com'] });
  expectMail(message).not.toHaveNegotiatedTls({ via: 'implicit' });
  await assert.rejects(expectMail(mail).toReceiveMessage({ subject: 'Goodbye' }, { within: 0 }), assert.AssertionError);
  assert.throws(() => expectMail(message).toHaveSubject('Goodbye'), {
    name: 'AssertionError',
    message: /^expect\(message\)\.toHaveSubject\(pattern\)\n\nExpected: \{ subject: 'Goodbye' \}\n/,
  });
  // @ts-expect-error it is nothing that was recorded
  assert.throws(() => expectMail('text').toHaveSubject('Goodbye'), ExpectationError);
  // @ts-expect-error there is no such field
  assert.throws(() => expectMail(message).toHaveEnvelope({ sender: 'shop@example.com' }), ExpectationError);
});
