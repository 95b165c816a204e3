// What a test is given: one server for its worker, as it was in the beginning, and an inbox.
import { createTransport } from 'nodemailer';
import { expect, test, type TestSmtp } from '../../index.ts';

const ports = new Set<number>();

test('the first test is given a server', async ({ mail }) => {
  ports.add(mail.port);
  await send(mail, 'ann@example.com');
  mail.inject({ at: 'mail', reply: '451 4.7.1 Later' });
  expect(mail.messages).toHaveLength(1);
});

test('the next test is given the same, as it was', async ({ mail }) => {
  ports.add(mail.port);
  expect(ports.size).toBe(1);
  expect(mail.messages).toEqual([]);
  expect(mail.sessions).toEqual([]);
  expect(mail.faults).toEqual([]);
});

test('The inbox has ITS name: an address', async ({ mail, inbox }) => {
  await send(mail, inbox.address);
  expect(inbox.address).toMatch(/^the-inbox-has-its-name-an-addres\.[\da-f]{8}-\d+@inbox\.test$/);
  await expect(inbox).toReceiveMessage({ to: inbox.address });
});

test('the options are those of the configuration', async ({ mail }) => {
  expect(mail.ca).toBeUndefined();
});

test('a test may leave the server down', async ({ mail }) => {
  await mail.pause();
});

test('the next test finds it up', async ({ mail }) => {
  await send(mail, 'ann@example.com');
  mail.inject({ at: 'mail', reply: '451 4.7.1 Later' });
  await mail.pause();
});

test.describe('hooks', () => {
  test.beforeAll(async ({ mail }) => {
    expect(mail.messages).toEqual([]);
    await send(mail, 'all@example.com');
  });
  test.beforeEach(async ({ mail }) => send(mail, 'each@example.com'));

  test('a beforeAll hook finds the server as it was, and its mails are gone when beforeEach comes', async ({
    mail,
  }) => {
    expect(mail.messages).toEqual([expect.toHaveEnvelope({ to: ['each@example.com'] })]);
  });
});

const appTest = test.extend<object, { app: { signUp(to: string): Promise<void> } }>({
  app: [async ({ mail }, use) => use({ signUp: (to) => send(mail, to) }), { scope: 'worker' }],
});

appTest('an application stands on the server for as long as the worker', async ({ app, inbox }) => {
  await app.signUp(inbox.address);
  await expect(inbox).toReceiveMessage();
});

async function send(mail: TestSmtp, to: string): Promise<void> {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to, text: 'Hello' });
}
