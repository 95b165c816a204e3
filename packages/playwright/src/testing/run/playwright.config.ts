// A run of its own, for what only Playwright's runner can show.
import { defineConfig } from '@playwright/test';
import type { MailWorkerOptions } from '../../index.ts';

export default defineConfig<{}, MailWorkerOptions>({
  testMatch: '*.ts',
  testIgnore: 'playwright.config.ts',
  // The other one writes to PLAYWRIGHT_HTML_OUTPUT_DIR.
  reporter: [['json'], ['html', { open: 'never' }]],
  workers: 2,
  use: { mailOptions: { tls: 'none' } },
});
