// vitest's `test` with a server and an inbox.
import type { Inbox, TestSmtp, TestSmtpOptions } from '@mailrig/fixture';
import { afterAll, test as plainTest, type TestAPI } from 'vitest';
import { MailUse } from './mail-use.ts';
import { reportMail } from './report-mail.ts';
import { SharedServer } from './shared-server.ts';

/** What a test is given if it asks for it. */
export interface MailFixtures {
  /**
   * The worker's server, started when a test first asks for it. It is reset before each test that does, unless another test is using it
   * just then: tests that run at once share it.
   */
  mail: TestSmtp;
  /** An address of the test's own on that server, named after the test. */
  inbox: Inbox;
}

/**
 * vitest's `test` with {@link MailFixtures}, on a server of its own. When a test that uses them fails, the transcripts of its sessions and
 * its raw messages are attached to the report.
 *
 * @param options Those of `startTestSmtp`. Where they can't work, each test that asks for the server fails with its OptionError.
 * @example
 * ```ts
 * const test = mailTest({ protocol: 'lmtp' });
 *
 * test('a mail arrives', async ({ mail, inbox }) => {
 *   await deliver(mail.connection, inbox.address);
 *   await expect(inbox).toReceiveMessage();
 * });
 * ```
 */
export function mailTest(options: TestSmtpOptions = {}): TestAPI<MailFixtures> {
  const shared = new SharedServer(options);
  afterAll(() => shared.stop());
  return plainTest.extend<MailFixtures & Internals>({
    mailUse: async ({ task, annotate }, use) => {
      const mailUse = new MailUse(await shared.enter(), shared);
      try {
        await use(mailUse);
        if (task.result?.state === 'fail') await reportMail({ task, annotate }, mailUse.sessions);
      } finally {
        shared.leave();
      }
    },
    mail: async ({ mailUse }, use) => use(mailUse.server),
    inbox: async ({ mailUse, task }, use) => use(mailUse.open(task.name)),
  });
}

/** {@link mailTest} with the defaults of `startTestSmtp`. */
export const test: TestAPI<MailFixtures> = mailTest();

/** What the fixtures need of each other. */
interface Internals {
  readonly mailUse: MailUse;
}
