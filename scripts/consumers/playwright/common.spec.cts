// TypeScript in a CommonJS module: the package is required, and its types are those of `require`.
import { expect, startTestSmtp, test, type TestSmtp } from '@mailrig/playwright';

test('CommonJS requires it', async ({ mail }) => {
  await expect(mail).not.toReceiveMessage({}, { within: 0 });
  expect(() => expect(mail).toHaveClosedBy('quit')).toThrow(/no client has connected/);
});

export const start: () => Promise<TestSmtp> = startTestSmtp;
