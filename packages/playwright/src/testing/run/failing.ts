// Tests that fail, and what is told of it.
import { createTransport } from 'nodemailer';
import { expect, test, type TestSmtp } from '../../index.ts';

test.describe.configure({ mode: 'parallel' });

test.afterEach(({ mail }, { title }) => {
  if (title === 'fails softly, after its end') expect.soft(mail.messages[0]).toHaveSubject('Goodbye');
});

test('passes', async ({ mail }) => {
  await send(mail, 'ann@example.com');
});

test('fails', async ({ mail }) => {
  await send(mail, 'ann@example.com');
  await mail.idle();
  expect(mail).toHaveSubject('Goodbye');
});

test('fails softly, after its end', async ({ mail }) => {
  await send(mail, 'ann@example.com');
});

test('runs out of time', async ({ mail, inbox }) => {
  await send(mail, 'ann@example.com');
  test.setTimeout(1);
  await inbox.waitForMessage({}, { timeout: 60_000 });
});

// The HTML report was lost: the name of the file that it wrote was too long.
test('fails, with a dot in the subject', async ({ mail }) => {
  await send(mail, 'ann@example.com', `v1.${'ж'.repeat(150)}`);
  expect(mail).toHaveSubject('Goodbye');
});

test('leaves a wait behind', ({ inbox }) => {
  void inbox.waitForMessage({}, { timeout: 60_000 });
});

test('stops the server that others need', async ({ mail }) => {
  await mail.stop();
});

test('fails without a mail', async ({ mail }) => {
  expect(mail.messages).not.toEqual([]);
});

test('fails as expected', async ({ mail }) => {
  test.fail();
  await send(mail, 'ann@example.com');
  expect(mail).toHaveSubject('Goodbye');
});

test.describe('with another try', () => {
  test.describe.configure({ retries: 1 });

  test('fails once', async ({ mail }, { retry }) => {
    expect(mail.messages).toEqual([]);
    await send(mail, 'ann@example.com');
    expect(retry).toBe(1);
  });
});

async function send(mail: TestSmtp, to: string, subject = 'Welcome'): Promise<void> {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to, subject, text: 'Hello' });
}
