const { afterEach, expect, test } = require('@jest/globals');
const { oversize, rejectRecipient, startTestSmtp } = require('@mailrig/jest');
const { newMailer } = require('./signup.js');

const ann = 'ann@example.com';
const link = 'https://app.example.com/verify?token=4711';

let mail;
let mailer;

const start = async (options) => {
  mail = await startTestSmtp(options);
  mailer = newMailer(mail.connection);
};

afterEach(() => mail.stop());

test('a mail with the link arrives, under TLS and after login', async () => {
  await start({ auth: { users: { signup: 'correct horse' }, required: true } });

  await mailer.sendVerification(ann, link);

  await expect(mail).toReceiveMessage({ to: ann, subject: /bestätige/ });
  const [message] = mail.messages;
  expect(message.link()).toBe(link);
  expect(message).toHaveEnvelope({ from: 'signup@example.com', to: [ann] });
  expect(message).toHaveRecipientOutcome(ann, 'delivered');
  expect(message).toHaveNegotiatedTls({ via: 'starttls', advertised: true });
  expect(message).toHaveAuthAttempt({ mechanism: 'PLAIN', username: 'signup', secure: true, accepted: true });
});

test('a rejected recipient', async () => {
  await start();
  mail.inject(rejectRecipient(ann, { reply: '550 5.1.1 No such user' }));

  await expect(mailer.sendVerification(ann, link)).rejects.toMatchObject({ responseCode: 550, rejected: [ann] });

  expect(mail).toHaveRecipientOutcome(ann, 'failed');
  await expect(mail).not.toReceiveMessage();
});

test('an attachment that is too large', async () => {
  await start();
  mail.inject(oversize({ limit: 50_000 }));
  const attachments = [{ filename: 'avatar.png', content: Buffer.alloc(60_000) }];

  await expect(mailer.sendVerification(ann, link, attachments)).rejects.toMatchObject({ responseCode: 552 });

  await expect(mail).not.toReceiveMessage();
});

test('a temporary refusal, then success: one message', async () => {
  await start();
  mail.inject({ at: 'rcpt', when: { to: ann }, reply: '451 4.7.1 Greylisted', times: 1 });

  await mailer.sendVerification(ann, link);

  const [first, second] = mail.sessions;
  expect(first).toHaveRecipientOutcome(ann, 'delayed');
  expect(second).toHaveRecipientOutcome(ann, 'delivered');
  expect(mail.messages).toHaveLength(1);
});

test('STARTTLS that is not advertised', async () => {
  await start({ tls: { mode: 'starttls', starttls: 'hidden' } });

  await mailer.sendVerification(ann, link);

  await expect(mail).toReceiveMessage({ to: ann });
  expect(mail).toHaveNegotiatedTls({ via: 'starttls', advertised: false });
});
