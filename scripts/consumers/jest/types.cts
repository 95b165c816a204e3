// TypeScript in a CommonJS project: the types of `require` are found, and the matchers are on `expect`.
import { expect } from '@jest/globals';
import { startTestSmtp, type TestSmtp } from '@mailrig/jest';

export async function expectNothing(mail: TestSmtp): Promise<void> {
  await expect(mail).not.toReceiveMessage({ to: 'ann@example.com' });
  // @ts-expect-error a subject is text
  await expect(mail).toReceiveMessage({ subject: 1 });
}

export const start: () => Promise<TestSmtp> = startTestSmtp;
