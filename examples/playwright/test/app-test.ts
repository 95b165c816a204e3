// The tests' `test`: the application, once for a worker, on the worker's mail server.
import { test as mailTest } from '@mailrig/playwright';
import { startApp, type App } from '../src/app.ts';

export const test = mailTest.extend<object, { app: App }>({
  app: [
    async ({ mail }, use) => {
      const app = await startApp(mail.connection);
      await use(app);
      await app.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ app }, use) => use(app.url),
});
