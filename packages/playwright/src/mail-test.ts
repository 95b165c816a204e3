// Playwright's `test` with a server and an inbox.
import { startTestSmtp, type Inbox, type TestSmtp, type TestSmtpOptions } from '@mailrig/fixture';
import { inboxName } from '@mailrig/fixture/runner';
import {
  test as playwrightTest,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';
import { attachMail } from './attach-mail.ts';

/** What a test is given if it asks for it. */
export interface MailFixtures {
  /** An address of the test's own on the worker's server, named after the test. */
  inbox: Inbox;
}

/** What a test, a `beforeAll` hook or another worker fixture is given if it asks for it. */
export interface MailWorkerFixtures {
  /**
   * The worker's server, started when it is first asked for. Before and after each test it is reset, and listens again where it was paused.
   * When a test fails, the transcripts of its sessions and its raw messages are attached to the report. It is not a test's to stop.
   */
  mail: TestSmtp;
}

/** For `use` of the configuration, or `test.use()` where a file begins. */
export interface MailWorkerOptions {
  /**
   * The options of `startTestSmtp`; those of a file take the place of those of the configuration. Where they can't work, each test that asks
   * for the server fails with its OptionError.
   * @defaultValue {}
   */
  mailOptions: TestSmtpOptions;
}

/** The type of {@link test}. */
export type MailTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & MailFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & MailWorkerFixtures & MailWorkerOptions
>;

/**
 * Playwright's `test` with {@link MailFixtures} and {@link MailWorkerFixtures}.
 *
 * @example
 * ```ts
 * test('a visitor signs up', async ({ page, inbox }) => {
 *   await page.getByLabel('E-mail').fill(inbox.address);
 *   await page.getByRole('button', { name: 'Sign up' }).click();
 *   const message = await inbox.waitForMessage();
 *   await page.goto(message.link());
 * });
 * ```
 */
export const test: MailTest = playwrightTest.extend<MailFixtures & InternalFixtures, WorkerFixtures>({
  mailOptions: [{}, { option: true, scope: 'worker' }],

  mailServer: [async ({}, use) => use({ started: undefined }), { scope: 'worker', box: true }],

  mail: [
    async ({ mailOptions, mailServer }, use) => {
      const server = await startTestSmtp(mailOptions);
      mailServer.started = server;
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  // For every test, but it starts no server: a test may use one by a worker fixture that stands on it, such as an application.
  mailUse: [
    async ({ mailServer }, use, testInfo) => {
      await renew(mailServer.started);
      await use();
      if (testInfo.status !== testInfo.expectedStatus) await attachMail(testInfo, mailServer.started?.sessions ?? []);
      // The `beforeAll` hooks of what comes next run before its fixtures.
      await renew(mailServer.started);
      // Thereby a wait is rejected that nobody has awaited: Playwright is told while it can blame this test for it.
      await new Promise((resolve) => setImmediate(resolve));
    },
    { auto: true, box: true },
  ],

  inbox: async ({ mail }, use, { title }) => use(mail.inbox(inboxName(title))),
});

async function renew(server: TestSmtp | undefined): Promise<void> {
  server?.reset();
  // The test, or a hook, may have left it down.
  await server?.resume();
}

type WorkerFixtures = MailWorkerFixtures & MailWorkerOptions & InternalWorkerFixtures;

interface InternalWorkerFixtures {
  readonly mailServer: { started: TestSmtp | undefined };
}

interface InternalFixtures {
  mailUse: void;
}
