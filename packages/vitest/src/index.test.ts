import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { startTestSmtp, type Message, type TestSmtp } from './index.ts';

const send = async (mail: TestSmtp): Promise<Message> => {
  const transport = createTransport({ ...mail.connection, auth: { user: 'shop', pass: 'correct horse' } });
  await transport.sendMail({ from: 'shop@example.com', to: 'ann@example.com', subject: 'Welcome', text: 'Hello Ann' });
  return mail.waitForMessage({}, { take: false });
};

describe('importing the package registers the matchers', () => {
  test('that pass', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail);

    await expect(mail).toReceiveMessage({ subject: 'Welcome' });
    expect(message).toHaveEnvelope({ from: 'shop@example.com', to: ['ann@example.com'] });
    expect(message).toHaveAuthAttempt({ username: 'shop', secret: 'correct horse', secure: true, accepted: true });
    expect(message).toHaveNegotiatedTls({ via: 'starttls', advertised: true, version: 'TLSv1.3' });
    expect(message).toHaveRecipientOutcome('ann@example.com', 'delivered');
    expect(message).toHaveRecipient('ann@example.com');
    expect(message).toHaveAddress('to', 'ann@example.com');
    expect(message).toHaveText('Hello Ann');
  });

  test('that pass with .not', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail);

    await expect(mail).not.toReceiveMessage({ subject: 'Goodbye' });
    expect(message).not.toHaveEnvelope({ to: 'eve@example.com' });
    expect(message).not.toHaveAuthAttempt({ secret: 'wrong horse' });
    expect(message).not.toHaveNegotiatedTls({ via: 'implicit' });
    expect(message).not.toHaveRecipientOutcome('ann@example.com', 550);
  });

  test('that fail', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail);

    await expect(expect(mail).toReceiveMessage({ subject: 'Goodbye' }, { within: 0 })).rejects.toThrow(
      /toReceiveMessage/,
    );
    expect(() => expect(message).toHaveEnvelope({ to: 'eve@example.com' })).toThrow(/toHaveEnvelope/);
    expect(() => expect(message).toHaveAuthAttempt({ secret: 'wrong horse' })).toThrow(/toHaveAuthAttempt/);
    expect(() => expect(message).toHaveNegotiatedTls({ via: 'implicit' })).toThrow(/toHaveNegotiatedTls/);
    expect(() => expect(message).toHaveRecipientOutcome(/ann/, 550)).toThrow(/toHaveRecipientOutcome/);
  });

  test('as asymmetric matchers, but for the one that waits', async () => {
    await using mail = await startTestSmtp();
    await send(mail);

    expect(mail.messages).toEqual([expect.toHaveEnvelope({ to: /^ann@/ })]);
    expect(mail.messages).toEqual([expect.toHaveSubject('Welcome')]);
    expect(mail.messages).toEqual([expect.not.toHaveBlindRecipient()]);
    expect(mail.messages).not.toContainEqual(expect.toHaveEnvelope({ to: /^eve@/ }));
  });

  test('for expect.poll and .resolves', async () => {
    await using mail = await startTestSmtp();
    const sent = send(mail);

    await expect.poll(() => mail).toHaveEnvelope({ to: /^ann@/ });
    await expect(sent).resolves.toHaveNegotiatedTls();
  });
});
