// A run of its own, for what only Playwright's runner can show.
import { defineConfig } from '@playwright/test';
import type { MailWorkerOptions } from '../../index.ts';

export default defineConfig<{}, MailWorkerOptions>({
  testMatch: '*.ts',
  testIgnore: 'playwright.config.ts',
  reporter: 'json',
  workers: 2,
  use: { mailOptions: { tls: 'none' } },
});
