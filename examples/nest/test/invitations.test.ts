import { rejectRecipient, unavailable } from '@mailrig/vitest';
import { describe, expect } from 'vitest';
import { appTest } from './app-test.ts';

const test = appTest();
const ann = { email: 'ann@example.org', name: 'Ann "Q&A" Müller' };

/** The link of a mail, at the application under test. */
const pathOf = (link: string): string => link.replace('https://team.example.com', '');

describe('the mail', () => {
  test('has a link that accepts the invitation, in both bodies', async ({ mail, startApp }) => {
    const app = await startApp();

    expect(await app.invite(ann.email, ann.name)).toEqual({ status: 201, body: { ...ann, status: 'sent' } });

    const message = await mail.waitForMessage({ to: ann.email, subject: 'Your invitation' });
    const link = message.link({ label: 'Accept the invitation' });
    expect(link).toMatch(/^https:\/\/team\.example\.com\/invitations\/accept\?token=[\w-]{22}$/);
    expect(message.text).toContain(link);
    expect(await app.get(pathOf(link))).toEqual({ status: 200, body: { ...ann, status: 'accepted' } });
  });

  test('says who is invited, whatever the name has in it', async ({ mail, startApp }) => {
    const app = await startApp();

    await app.invite(ann.email, 'Ann <b>Müller</b>');

    const message = await mail.waitForMessage({ to: ann.email });
    expect(message).toHaveAddress('to', ann.email, 'Ann <b>Müller</b>');
    expect(message).toHaveText(/^Hello Ann <b>Müller<\/b>,$/m);
    expect(message).toHaveHtml(/Hello Ann &lt;b&gt;Müller&lt;\/b&gt;,/);
  });

  test('goes out with a login, under verified TLS', async ({ mail, startApp }) => {
    const app = await startApp();

    await app.invite(ann.email, ann.name);

    const message = await mail.waitForMessage({ to: ann.email });
    expect(message).toHaveEnvelope({ from: 'team@example.com', to: [ann.email] });
    expect(message).toHaveNegotiatedTls({ via: 'starttls', version: 'TLSv1.3' });
    expect(message).toHaveAuthAttempt({ username: 'team', secure: true, accepted: true });
  });
});

describe('a refusal for good', () => {
  test('of the recipient is told to the user, with its reason', async ({ mail, startApp }) => {
    const app = await startApp();
    const unknown = mail.inject(rejectRecipient(ann.email, { reply: '550 5.1.1 No such user', times: 1 }));

    expect(await app.invite(ann.email, ann.name)).toMatchObject({
      status: 422,
      body: { message: 'The mail was refused: 550 5.1.1 No such user' },
    });

    expect(unknown.hits).toBe(1);
    expect(mail).toHaveRecipientOutcome(ann.email, 'failed');
    expect(await app.get(`/invitations/${ann.email}`)).toMatchObject({ status: 404 });
    expect(await app.invite(ann.email, ann.name)).toMatchObject({ status: 201, body: { status: 'sent' } });
  });

  test('of the content is told to the user too', async ({ mail, startApp }) => {
    const app = await startApp();
    mail.inject({ at: 'end-of-data', reply: '554 5.7.1 Looks like spam' });

    expect(await app.invite(ann.email, ann.name)).toMatchObject({
      status: 422,
      body: { message: 'The mail was refused: 554 5.7.1 Looks like spam' },
    });
  });

  test('of the sender is not the user’s to mend', async ({ mail, startApp }) => {
    const app = await startApp();
    mail.inject({ at: 'mail', reply: '550 5.7.1 You may not send from here' });

    expect(await app.invite(ann.email, ann.name)).toMatchObject({
      status: 503,
      body: { message: 'No mail can be sent at the moment.' },
    });
  });
});

describe('a refusal for now', () => {
  test('by a greylist means that the mail is queued, and sent once', async ({ mail, startApp }) => {
    const app = await startApp();
    const greylist = mail.inject({ at: 'rcpt', reply: '451 4.7.1 Greylisted', times: 2 });

    expect(await app.invite(ann.email, ann.name)).toEqual({ status: 201, body: { ...ann, status: 'queued' } });
    await mail.waitForMessage({ to: ann.email });
    await mail.idle();

    expect(greylist.hits).toBe(2);
    expect(mail.messages).toHaveLength(1);
    expect(await app.get(`/invitations/${ann.email}`)).toEqual({ status: 200, body: { ...ann, status: 'sent' } });
  });

  test('by a server that is busy means the same', async ({ mail, startApp }) => {
    const app = await startApp();
    mail.inject(unavailable({ reply: '421 4.3.2 Too busy', times: 1 }));

    expect(await app.invite(ann.email, ann.name)).toMatchObject({ status: 201, body: { status: 'queued' } });
    await mail.waitForMessage({ to: ann.email });
    await mail.idle();

    expect(await app.get(`/invitations/${ann.email}`)).toMatchObject({ body: { status: 'sent' } });
  });

  test('that stays leaves the invitation undeliverable', async ({ mail, startApp }) => {
    const app = await startApp();
    const full = mail.inject({ at: 'rcpt', reply: '452 4.2.2 Mailbox full' });

    expect(await app.invite(ann.email, ann.name)).toMatchObject({ status: 201, body: { status: 'queued' } });
    await full.waitForHits(3);
    await mail.idle();

    expect(await app.get(`/invitations/${ann.email}`)).toMatchObject({ body: { status: 'undeliverable' } });
    expect(full.hits).toBe(3);
  });

  test('that becomes one for good is not tried any more', async ({ mail, startApp }) => {
    const app = await startApp();
    mail.inject({ at: 'rcpt', reply: '451 4.3.0 Directory is down', times: 1 });
    const unknown = mail.inject(rejectRecipient(ann.email));

    await app.invite(ann.email, ann.name);
    await unknown.waitForHits(1);
    await mail.idle();

    expect(await app.get(`/invitations/${ann.email}`)).toMatchObject({ body: { status: 'undeliverable' } });
    expect(unknown.hits).toBe(1);
  });
});

describe('a server that', () => {
  test('is down gets the mail when it is up again', async ({ mail, startApp }) => {
    // The pauses double: so many attempts outlast every outage of a test.
    const app = await startApp({ attempts: 20 });
    await mail.pause();

    expect(await app.invite(ann.email, ann.name)).toMatchObject({ status: 201, body: { status: 'queued' } });
    await mail.resume();

    await expect(mail).toReceiveMessage({ to: ann.email });
  });

  test('takes a mail without saying so gets it twice, and the invitation stays accepted', async ({
    mail,
    startApp,
  }) => {
    const app = await startApp();
    mail.inject({ at: 'end-of-data', acceptThenDrop: true, times: 1 });
    const busy = mail.inject({ at: 'greeting', when: { session: 2 }, delay: 5_000 });

    expect(await app.invite(ann.email, ann.name)).toMatchObject({ status: 201, body: { status: 'queued' } });
    await busy.waitForHits(1);
    const first = await mail.waitForMessage({ to: ann.email });
    await app.get(pathOf(first.link({ label: 'Accept the invitation' })));
    mail.clock.advance(5_000);
    await mail.waitForMessage({ to: ann.email });
    await mail.idle();

    expect(await app.get(`/invitations/${ann.email}`)).toMatchObject({ body: { status: 'accepted' } });
  });

  test('lets nobody log in sends the user away', async ({ mail, startApp }) => {
    const app = await startApp();
    const closed = mail.inject({ at: 'auth', reply: '454 4.7.0 Temporary authentication failure' });

    expect(await app.invite(ann.email, ann.name)).toMatchObject({ status: 503 });

    expect(closed.hits).toBe(1);
  });
});
