import { oversize, rejectRecipient, startTestSmtp } from '@mailrig/vitest';
import { expect, test } from 'vitest';
import { startApp } from './start-app.ts';

const ann = { email: 'ann@example.com', name: 'Ann Müller' };

test('the link in the mail verifies the account', async () => {
  await using mail = await startTestSmtp();
  const app = await startApp(mail.env());

  expect(await app.post('/signup', ann)).toEqual({ status: 201, body: { ...ann, status: 'pending' } });
  const message = await mail.waitForMessage({ to: ann.email, subject: /bestätige/ });
  expect(message).toHaveEnvelope({ from: 'signup@example.com', to: [ann.email] });

  expect(await app.get(message.link(/verify/))).toEqual({ status: 200, body: { ...ann, status: 'verified' } });
  expect(await app.get(`/accounts/${ann.email}`)).toEqual({ status: 200, body: { ...ann, status: 'verified' } });
});

test('subject and attachments arrive as they were written', async () => {
  await using mail = await startTestSmtp();
  const app = await startApp(mail.env());
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

  await app.post('/signup', { ...ann, avatar: everyByte.toString('base64') });

  const message = await mail.waitForMessage({ to: ann.email });
  expect(message.subject).toBe('Bitte bestätige deine Adresse – schön, dass du da bist ✓');
  expect(message.attachment('avatar.png').content).toEqual(everyByte);
  expect(message.attachment('Nutzungsbedingungen – kurz & schön.txt').content.toString()).toContain('Grüße aus Köln ✓');
});

test('it logs in, and only under TLS', async () => {
  await using mail = await startTestSmtp({ auth: { users: { signup: 'correct horse' }, required: true } });
  const app = await startApp(mail.env());

  expect(await app.post('/signup', ann)).toMatchObject({ status: 201 });

  await expect(mail).toReceiveMessage({ to: ann.email });
  expect(mail).toHaveAuthAttempt({ mechanism: 'PLAIN', username: 'signup', secure: true, accepted: true });
  expect(mail).not.toHaveAuthAttempt({ secure: false });
});

test('an address that the mail server refuses is reported to the user', async () => {
  await using mail = await startTestSmtp();
  const app = await startApp(mail.env());
  mail.inject(rejectRecipient(ann.email, { reply: '550 5.1.1 No such user' }));

  expect(await app.post('/signup', ann)).toEqual({
    status: 422,
    body: { error: { code: 'recipient_refused', message: expect.stringContaining('550 5.1.1 No such user') } },
  });

  expect(mail).toHaveRecipientOutcome(ann.email, 'failed');
  expect(mail).toHaveRecipientOutcome(ann.email, '550 5.1.1');
  await expect(mail).not.toReceiveMessage();
  expect(await app.get(`/accounts/${ann.email}`)).toMatchObject({ status: 404 });
});

test('an avatar that makes the mail too large is reported to the user', async () => {
  await using mail = await startTestSmtp();
  const app = await startApp(mail.env());
  mail.inject(oversize({ limit: 50_000 }));

  expect(await app.post('/signup', { ...ann, avatar: Buffer.alloc(60_000).toString('base64') })).toMatchObject({
    status: 413,
    body: { error: { code: 'avatar_too_large' } },
  });

  await expect(mail).not.toReceiveMessage();
  expect(await app.post('/signup', ann)).toMatchObject({ status: 201 });
  await expect(mail).toReceiveMessage({ to: ann.email });
});

test('after a temporary failure it tries again, and sends one mail', async () => {
  await using mail = await startTestSmtp();
  const app = await startApp(mail.env());
  const greylisted = mail.inject({ at: 'rcpt', when: { to: ann.email }, reply: '451 4.7.1 Greylisted', times: 1 });

  expect(await app.post('/signup', ann)).toMatchObject({ status: 201 });

  const [refused, accepted] = mail.sessions;
  expect(refused).toHaveRecipientOutcome(ann.email, 'delayed');
  expect(accepted).toHaveRecipientOutcome(ann.email, 'delivered');
  expect(mail.messages).toHaveLength(1);
  expect(greylisted.hits).toBe(1);
});

test('it gives up when the failure stays', async () => {
  await using mail = await startTestSmtp();
  const app = await startApp({ ...mail.env(), MAIL_ATTEMPTS: '2' });
  const full = mail.inject({ at: 'end-of-data', reply: '452 4.3.1 Insufficient system storage' });

  expect(await app.post('/signup', ann)).toMatchObject({ status: 503, body: { error: { code: 'mail_unavailable' } } });

  expect(full.hits).toBe(2);
  await expect(mail).not.toReceiveMessage();
});

test('it upgrades to TLS although STARTTLS is not advertised', async () => {
  await using mail = await startTestSmtp({ tls: { mode: 'starttls', starttls: 'hidden' } });
  const app = await startApp(mail.env());

  expect(await app.post('/signup', ann)).toMatchObject({ status: 201 });

  const message = await mail.waitForMessage({ to: ann.email });
  expect(message).toHaveNegotiatedTls({ via: 'starttls', advertised: false });
});

test('it sends nothing in the clear when STARTTLS is stripped', async () => {
  await using mail = await startTestSmtp({
    tls: { mode: 'starttls', starttls: 'stripped' },
    auth: { users: { signup: 'correct horse' } },
  });
  const app = await startApp(mail.env());

  expect(await app.post('/signup', ann)).toMatchObject({ status: 503, body: { error: { code: 'mail_unavailable' } } });

  await expect(mail).not.toReceiveMessage();
  expect(mail.sessions).toHaveLength(1);
  expect(mail.sessions[0]?.tls).toBeNull();
  expect(mail.sessions[0]?.transactions).toEqual([]);
  expect(mail).not.toHaveAuthAttempt();
});

test('it does not send to a server that it can not trust', async () => {
  await using mail = await startTestSmtp();
  const { NODE_EXTRA_CA_CERTS: _, ...env } = mail.env();
  const app = await startApp(env);

  expect(await app.post('/signup', ann)).toMatchObject({ status: 503, body: { error: { code: 'mail_unavailable' } } });

  await mail.idle();
  expect(mail.messages).toEqual([]);
  expect(mail.sessions[0]?.problem).toContain('TLS handshake');
});
