// Mailrig on Playwright Test.
export * from '@mailrig/fixture';
export type * from '@mailrig/matchers';
export { expect } from './expect.ts';
export type { MailExpect, MailMatcherFunctions, MailSubject } from './mail-expect.ts';
export {
  test,
  type MailFixtures,
  type MailTest,
  type MailWorkerFixtures,
  type MailWorkerOptions,
} from './mail-test.ts';
