import type { MailWorkerOptions } from '@mailrig/playwright';
import { defineConfig } from '@playwright/test';

export default defineConfig<object, MailWorkerOptions>({
  use: { mailOptions: { auth: { users: { shop: 'secret' } } } },
});
