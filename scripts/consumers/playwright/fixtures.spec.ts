// ECMAScript modules. No test asks for a page, so that none needs a browser.
import { expect, test } from '@mailrig/playwright';
import { expect as playwrightExpect, mergeExpects, mergeTests, type Locator } from '@playwright/test';
import { createTransport } from 'nodemailer';

test('a mail comes to the inbox of a test', async ({ mail, inbox }) => {
  await createTransport(mail.connection).sendMail({
    from: 'shop@example.com',
    to: inbox.address,
    subject: 'Welcome',
    text: 'Hello Ann',
  });

  await expect(inbox).toReceiveMessage({ subject: expect.stringContaining('Welcome') });
  const [message] = inbox.messages;
  expect(message).toHaveEnvelope({ from: 'shop@example.com', to: [inbox.address] });
  expect.soft(message).toHaveText(/Ann/);
  await expect.poll(() => mail).toHaveAuthAttempt({ username: 'shop', accepted: true });
  await expect(inbox.waitForMessage()).resolves.toHaveNegotiatedTls({ via: 'starttls', version: 'TLSv1.3' });
  expect(mail.messages).toEqual([expect.toHaveSubject('Welcome')]);
  expect(mail.messages).toEqual([expect.not.toHaveText('Goodbye')]);
});

test('the next test finds the server as it was', async ({ mail }) => {
  expect(mail.sessions).toEqual([]);
  // @ts-expect-error there is no such field
  expect(() => expect(mail).toHaveEnvelope({ sender: 'shop@example.com' })).toThrow(/sender/);
  // @ts-expect-error a list has no subject
  expect(() => expect(mail.messages).toHaveSubject('Welcome')).toThrow(/must be given a message/);
});

const merged = mergeTests(test, test.extend<{ visitor: string }>({ visitor: ({ inbox }, use) => use(inbox.address) }));
const mergedExpect = mergeExpects(
  playwrightExpect.extend({
    toBeLocal: (address: string) => ({ pass: address.endsWith('.test'), message: () => `${address} is not local.` }),
  }),
  expect,
);

merged('fixtures and matchers stand beside others', async ({ mail, visitor }) => {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: visitor, text: 'Hello' });

  mergedExpect(visitor).toBeLocal();
  mergedExpect(mail).toHaveRecipient(visitor);
  mergedExpect(mail.messages[0]).toHaveText('Hello');
});

/** The matcher of this name for locators stays. */
export const says = (locator: Locator, text: string): Promise<void> => expect(locator).toHaveText([text]);

/** A locator that is none is refused by Playwright's matcher, not by ours. */
test('toHaveText of a locator is left to Playwright', async () => {
  const locator = { allTextContents: () => Promise.resolve([]) } as unknown as Locator;
  await expect(says(locator, 'Hello')).rejects.toThrow('Locator');
});
