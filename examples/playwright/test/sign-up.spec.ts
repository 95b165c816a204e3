import { expect } from '@mailrig/playwright';
import type { Page } from '@playwright/test';
import { test } from './app-test.ts';
import { chromium } from './chromium.ts';

test.skip(chromium === undefined, 'There is no Chromium on this machine.');

test('a visitor confirms the address by the link in the mail', async ({ page, inbox }) => {
  await signUp(page, inbox.address);
  await expect(page.getByRole('status')).toHaveText('Look into your inbox: there is a link for you.');

  const message = await inbox.waitForMessage();
  expect(message).toHaveSubject('Confirm your address');
  expect(message).toHaveAddress('from', 'shop@example.com', 'The Shop');
  expect(message).toHaveNegotiatedTls({ via: 'starttls' });

  await page.goto(message.link());
  await expect(page.getByRole('status')).toHaveText(`${inbox.address} is confirmed.`);
});

test('a link works once', async ({ page, inbox }) => {
  await signUp(page, inbox.address);
  const link = (await inbox.waitForMessage()).link();

  await page.goto(link);
  await page.reload();
  await expect(page.getByRole('status')).toHaveText('This link is not valid.');
});

test('an address that takes no mail is told so, and leaves no account', async ({ page, inbox }) => {
  inbox.inject({ at: 'rcpt', reply: '550 5.1.1 No such user', times: 1 });

  await signUp(page, inbox.address);
  await expect(page.getByRole('status')).toHaveText('Your address takes no mail. Is it right?');
  await expect(inbox).not.toReceiveMessage();

  await signUp(page, inbox.address);
  await expect(page.getByRole('status')).toHaveText('Look into your inbox: there is a link for you.');
  await expect(inbox).toReceiveMessage();

  await signUp(page, inbox.address);
  await expect(page.getByRole('status')).toHaveText(`${inbox.address} has an account.`);
});

test('a greylisted mail is on its way, and comes with the second attempt', async ({ page, mail, inbox }) => {
  inbox.inject({ at: 'rcpt', reply: '451 4.7.1 Greylisted', times: 1 });

  await signUp(page, inbox.address);
  await expect(page.getByRole('status')).toHaveText('Your mail is on its way.');

  const message = await inbox.waitForMessage();
  expect(mail).toHaveUsedAllFaults();
  expect(inbox.sessions).toHaveLength(2);
  expect(inbox.sessions[0]).toHaveRecipientOutcome(inbox.address, '451 4.7.1');

  await page.goto(message.link());
  await expect(page.getByRole('status')).toHaveText(`${inbox.address} is confirmed.`);
});

async function signUp(page: Page, address: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(address);
  await page.getByRole('button', { name: 'Sign up' }).click();
}
