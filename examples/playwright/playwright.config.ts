import { defineConfig } from '@playwright/test';
import { chromium } from './test/chromium.ts';

if (chromium === undefined) console.warn('There is no Chromium on this machine: its tests are skipped.');

export default defineConfig({
  testDir: 'test',
  reporter: 'list',
  use: {
    launchOptions: {
      ...(chromium !== undefined && { executablePath: chromium }),
      // Chromium has no sandbox for root.
      chromiumSandbox: process.getuid?.() !== 0,
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
        '--disable-gpu',
      ],
    },
  },
});
