// Tests that fail, for what their report has then.
import { createTransport } from 'nodemailer';
import { describe, expect } from 'vitest';
import { test } from '../../index.ts';

test('passes', async ({ mail }) => {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });
});

test('fails', async ({ mail }) => {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });
  await mail.idle();
  expect(mail.messages).toEqual([]);
});

test('fails without a mail', ({ mail }) => {
  expect(mail.messages).not.toEqual([]);
});

test('fails for want of a mail', ({ mail }) => {
  expect(mail.messages).toEqual([expect.toHaveSubject('Welcome')]);
});

describe.concurrent('at once', () => {
  test.for(['one', 'other'])('%s fails', async (_, { mail, inbox }) => {
    await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: inbox.address, text: 'Hello' });
    await inbox.waitForMessage();
    expect(mail.messages).toEqual([]);
  });
});
