// Runs matchers outside a test runner and keeps what they say.
import { matchers, type MailMatchers } from '@mailrig/matchers';
import { expect } from 'expect';

expect.extend(matchers);

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends MailMatchers<R> {}
}

export interface Verdict {
  /** The assertion as source text. */
  readonly expression: string;
  /** The matcher's message where it failed. */
  readonly failure: string | undefined;
}

export const judge = async (assertion: () => void | Promise<void>): Promise<Verdict> => {
  // What is shown is the code that runs, so the two can't drift apart.
  const expression = String(assertion).replace(/^\(\) => /, '');
  try {
    await assertion();
    return { expression, failure: undefined };
  } catch (error) {
    return { expression, failure: (error as Error).message };
  }
};
