// vitest's `test` with a mail server, and with the application in this process.
import { mailTest, type MailFixtures, type TestSmtpOptions } from '@mailrig/vitest';
import type { INestApplication } from '@nestjs/common';
import type { TestAPI } from 'vitest';
import { createApp } from '../src/create-app.ts';
import { readSettings, type Settings } from '../src/settings.ts';

interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface App {
  readonly invite: (email: string, name: string) => Promise<HttpAnswer>;
  readonly get: (path: string) => Promise<HttpAnswer>;
}

interface Fixtures {
  /** Starts the application for the test's server, and closes it after the test. */
  startApp: (settings?: Partial<Settings>) => Promise<App>;
}

const QUICK = { PUBLIC_URL: 'https://team.example.com', MAIL_ATTEMPTS: '3', MAIL_RETRY_MS: '1' };

/** @param options Those of the mail server, which knows the application by its password. */
export const appTest = (options: TestSmtpOptions = {}): TestAPI<MailFixtures & Fixtures> =>
  mailTest({ auth: { users: { team: 'correct horse' } }, ...options }).extend<Fixtures>({
    startApp: async ({ mail }, use) => {
      const started: INestApplication[] = [];

      await use(async (overrides) => {
        const settings = { ...readSettings({ ...mail.env(), ...QUICK }), smtp: mail.connection, ...overrides };
        const app = await createApp(settings, { logger: false, abortOnError: false });
        started.push(app);
        await app.listen(0, '127.0.0.1');
        const url = await app.getUrl();

        const request = async (path: string, init?: RequestInit): Promise<HttpAnswer> => {
          const response = await fetch(new URL(path, url), init);
          return { status: response.status, body: await response.json() };
        };
        return {
          invite: (email, name) =>
            request('/invitations', {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ email, name }),
            }),
          get: (path) => request(path),
        };
      });

      for (const app of started) await app.close();
    },
  });
