// Playwright's `expect` with the matchers for mail.
import { matchers } from '@mailrig/matchers';
import { expect as playwrightExpect } from '@playwright/test';
import type { MailExpect, MailMatcherFunctions } from './mail-expect.ts';
import { toHaveText } from './to-have-text.ts';
import { toReceiveMessage } from './to-receive-message.ts';

/**
 * Playwright's `expect` with the matchers of `@mailrig/matchers`.
 *
 * @example
 * ```ts
 * await expect(inbox).toReceiveMessage({ subject: /^Welcome/ });
 * await expect(page.getByRole('status')).toHaveText('Look into your inbox.');
 * ```
 */
export const expect: MailExpect = playwrightExpect.extend(
  // Playwright's types know less of `this.utils` than there is.
  { ...matchers, toHaveText, toReceiveMessage } as unknown as MailMatcherFunctions,
) as MailExpect;
