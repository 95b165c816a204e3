// One `expect` for pages and mails, where both have a text.
import { expect } from '@mailrig/playwright';
import { expect as playwrightExpect } from '@playwright/test';
import { test } from './app-test.ts';
import { chromium } from './chromium.ts';

test.skip(chromium === undefined, 'There is no Chromium on this machine.');

test('toHaveText of a locator is Playwright’s', async ({ page }) => {
  await page.setContent('<p>Hello</p><p>Ann</p>');
  const paragraphs = page.locator('p');

  await expect(paragraphs).toHaveText(['Hello', /Ann/]);
  await expect(paragraphs.first()).toHaveText('hello', { ignoreCase: true });
  await expect(paragraphs.first()).not.toHaveText('Ann');
  await page.evaluate(`setTimeout(() => { document.querySelector('p').textContent = 'Good evening'; }, 1)`);
  await expect(paragraphs.first()).toHaveText('Good evening');
});

test('and fails in its words', async ({ page }) => {
  await page.setContent('<p>Hello</p>');
  const paragraph = page.locator('p');
  const own = await failureOf(expect(paragraph).toHaveText('Goodbye', { timeout: 1 }));
  const other = await failureOf(playwrightExpect(paragraph).toHaveText('Goodbye', { timeout: 1 }));

  expect(own).toContain('toHaveText');
  expect(own.split('Call log:')[0]).toBe(other.split('Call log:')[0]);
  expect(await failureOf(expect(paragraph).not.toHaveText('Hello', { timeout: 1 }))).toContain('not');
  expect(await failureOf(expect.configure({ timeout: 7 })(paragraph).toHaveText('Goodbye'))).toContain('7ms');
});

async function failureOf(assertion: Promise<void>): Promise<string> {
  return assertion.then(
    () => {
      throw new Error('The assertion holds.');
    },
    (error: Error) => error.message,
  );
}
