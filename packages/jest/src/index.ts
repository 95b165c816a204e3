// Mailrig on jest: importing this registers the matchers.
import { expect } from '@jest/globals';
import type { AsymmetricMatcher } from '@mailrig/fixture';
import { matchers, type AsyncMatcher, type MailMatchers } from '@mailrig/matchers';

export * from '@mailrig/fixture';
export type * from '@mailrig/matchers';
export { useTestSmtp } from './use-test-smtp.ts';

expect.extend(matchers);

// An asymmetric matcher can't wait.
type AsymmetricMailMatchers = Omit<MailMatchers<AsymmetricMatcher>, AsyncMatcher>;

// The `expect` of `@jest/globals`.
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends MailMatchers<R> {}
  interface AsymmetricMatchers extends AsymmetricMailMatchers {}
}

// The global `expect`, as `@types/jest` declares it.
declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends MailMatchers<R> {}
    interface Expect extends AsymmetricMailMatchers {}
    interface InverseAsymmetricMatchers extends AsymmetricMailMatchers {}
  }
}
