import { onTestFailed, onTestFinished } from 'vitest';
import { startAppProcess, type AppProcess } from '../src/demo/app-process.ts';

const APP = new URL('../dist/app.js', import.meta.url);

/**
 * Starts the compiled application for the running test and stops it with the test, also with one that times out. What it
 * wrote to stderr is shown if the test fails.
 */
export const startApp = async (env: Record<string, string>): Promise<AppProcess> => {
  const app = await startAppProcess(APP, { MAIL_RETRY_MS: '1', ...env });
  onTestFinished(() => app.stop());
  onTestFailed(() => console.error(`The application's stderr:\n${app.stderr}`));
  return app;
};
