// Mailrig on vitest: importing this registers the matchers.
import { matchers, type AsyncMatcher, type MailMatchers } from '@mailrig/matchers';
import type { AsymmetricMatcher } from '@mailrig/fixture';
import { expect } from 'vitest';

export * from '@mailrig/fixture';
export type * from '@mailrig/matchers';
export type { ProvidedMail } from './global-setup.ts';
export { mailTest, test, type MailFixtures } from './mail-test.ts';

expect.extend(matchers);

declare global {
  // Not vitest's own `Matchers`, whose type parameters differ from one major to another.
  namespace Chai {
    interface Assertion extends MailMatchers<void> {}
  }
}

declare module 'vitest' {
  // An asymmetric matcher can't wait.
  interface AsymmetricMatchersContaining extends Omit<MailMatchers<AsymmetricMatcher>, AsyncMatcher> {}
}
