import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { rejectRecipient, startTestSmtp } from '@mailrig/fixture';
import { expectMail } from '@mailrig/matchers/node';
import { sendNewsletter } from './newsletter.js';

/** @type {import('@mailrig/fixture').TestSmtp} */
let mail;
before(async () => {
  mail = await startTestSmtp();
});
beforeEach(() => mail.reset());
after(() => mail.stop());

test('a newsletter can be left with one click', async () => {
  await sendNewsletter(mail.connection, 'ann@example.com');

  await expectMail(mail).toReceiveMessage({ to: 'ann@example.com', subject: /new/ });
  const [message] = mail.messages;
  expectMail(message).toHaveAddress('from', 'news@shop.example', 'The Shop');
  expectMail(message).toHaveOneClickUnsubscribe('https://shop.example/leave?who=ann%40example.com');
  expectMail(message).not.toHaveBlindRecipient();
});

test('a reader who is gone', async () => {
  mail.inject(rejectRecipient('eve@example.com', { reply: '550 5.1.1 No such user' }));

  await assert.rejects(sendNewsletter(mail.connection, 'eve@example.com'), { responseCode: 550 });

  expectMail(mail).toHaveRecipientOutcome('eve@example.com', 'failed');
  await expectMail(mail).not.toReceiveMessage();
});

test('a failure says what was sent instead', async () => {
  await sendNewsletter(mail.connection, 'ann@example.com');

  assert.throws(() => expectMail(mail).toHaveSubject('What was new'), {
    name: 'AssertionError',
    message: /^expect\(server\)\.toHaveSubject\(pattern\)\n\nExpected: .*What was new.*\nReceived: .*What is new/,
  });
});
