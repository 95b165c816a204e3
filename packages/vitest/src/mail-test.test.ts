import { createTransport } from 'nodemailer';
import { beforeEach, describe, expect } from 'vitest';
import { mailTest, test, type TestSmtp } from './index.ts';

describe.sequential('tests in turn', () => {
  const ports: number[] = [];

  test('are given a server', async ({ mail }) => {
    ports.push(mail.port);
    await send(mail, 'ann@example.com');
    mail.inject({ at: 'mail', reply: '451 4.7.1 Later' });
    expect(mail.messages).toHaveLength(1);
  });

  test('that is the same, as it was in the beginning', async ({ mail }) => {
    expect(mail.port).toBe(ports[0]);
    expect(mail.messages).toEqual([]);
    expect(mail.sessions).toEqual([]);
    expect(mail.faults).toEqual([]);
  });
});

describe.concurrent('tests at once share it', () => {
  test('A test, with ITS name: an address', async ({ mail, inbox }) => {
    await Promise.all([send(mail, inbox.address), allHaveSent()]);
    expect(inbox.address).toMatch(/^a-test-with-its-name-an-address\.[\da-f]{8}-\d+@inbox\.test$/);
    await expect(inbox).toReceiveMessage({ to: inbox.address });
    expect(inbox.messages).toHaveLength(1);
  });

  test('Тест', async ({ mail, inbox }) => {
    await Promise.all([send(mail, inbox.address), allHaveSent()]);
    expect(inbox.address).toMatch(/^inbox\./);
    expect(inbox.messages).toHaveLength(1);
    expect(mail.messages).toHaveLength(2);
  });

  const allHaveSent = meetingOf(2);
});

describe('a hook', () => {
  beforeEach<{ mail: TestSmtp }>(async ({ mail }) => send(mail, 'hook@example.com'));

  test('uses the server of its test', ({ mail }) => {
    expect(mail).toHaveRecipient('hook@example.com');
  });
});

describe('options', () => {
  const lmtpTest = mailTest({ protocol: 'lmtp', tls: 'none' });

  lmtpTest('make a server of their own', ({ mail }) => {
    expect(mail.url).toMatch(/^lmtp:/);
  });

  test('while that of others is as it was', ({ mail }) => {
    expect(mail.url).toMatch(/^smtp:/);
  });

  mailTest({ tls: 'none' }).extend<{ transport: ReturnType<typeof createTransport> }>({
    transport: async ({ mail }, use) => {
      const transport = createTransport({ ...mail.connection, pool: true });
      await use(transport);
      transport.close();
    },
  })('and fixtures of their own', async ({ transport, inbox }) => {
    await transport.sendMail({ from: 'shop@example.com', to: inbox.address, text: 'Hello' });
    await expect(inbox).toReceiveMessage();
  });
});

async function send(mail: TestSmtp, to: string): Promise<void> {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to, subject: 'Welcome', text: 'Hello' });
}

/** A promise that is kept once so many have asked for it. */
function meetingOf(count: number): () => Promise<void> {
  let come = 0;
  let open: () => void;
  const meeting = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++come === count) open();
    return meeting;
  };
}
