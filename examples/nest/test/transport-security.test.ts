import { badCertificate } from '@mailrig/vitest';
import { describe, expect } from 'vitest';
import { readSettings } from '../src/settings.ts';
import { appTest } from './app-test.ts';

const email = 'ann@example.org';

describe('a server', () => {
  const test = appTest({ tls: { mode: 'starttls', starttls: 'hidden' } });

  test('that does not list STARTTLS gets the mail under TLS all the same', async ({ mail, startApp }) => {
    const app = await startApp();

    expect(await app.invite(email, 'Ann')).toMatchObject({ status: 201, body: { status: 'sent' } });

    expect(await mail.waitForMessage({ to: email })).toHaveNegotiatedTls({ via: 'starttls', advertised: false });
  });
});

describe('a server', () => {
  const test = appTest({ tls: { mode: 'starttls', starttls: 'stripped' } });

  test('whose STARTTLS somebody has taken away gets nothing, in clear text least of all', async ({
    mail,
    startApp,
  }) => {
    const app = await startApp();

    expect(await app.invite(email, 'Ann')).toMatchObject({ status: 503 });

    await expect(mail).not.toReceiveMessage();
    expect(mail.sessions).toHaveLength(1);
    expect(mail.sessions[0]).toMatchObject({ tls: null, transactions: [], authAttempts: [] });
  });
});

describe('a server', () => {
  const test = appTest();

  test('whose certificate can’t be verified gets nothing', async ({ mail, startApp }) => {
    const app = await startApp();
    const untrusted = mail.inject(badCertificate('untrusted'));

    expect(await app.invite(email, 'Ann')).toMatchObject({ status: 201, body: { status: 'queued' } });
    await untrusted.waitForHits(3);
    await mail.idle();

    expect(mail.sessions).toHaveLength(3);
    expect(mail.messages).toEqual([]);
    expect(await app.get(`/invitations/${email}`)).toMatchObject({ body: { status: 'undeliverable' } });
  });
});

describe('a server', () => {
  const test = appTest({ tls: 'implicit' });

  test('that speaks TLS from the first octet on gets the mail by it', async ({ mail, startApp }) => {
    const app = await startApp();

    expect(await app.invite(email, 'Ann')).toMatchObject({ status: 201, body: { status: 'sent' } });

    expect(await mail.waitForMessage({ to: email })).toHaveNegotiatedTls({ via: 'implicit' });
  });

  test('is found by the environment', ({ mail }) => {
    expect(mail.connection).toMatchObject(readSettings(mail.env()).smtp);
  });
});
