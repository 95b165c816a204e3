// The matchers without a runner, for node:test and whatever else takes an AssertionError.
import { AssertionError } from 'node:assert';
import { types } from 'node:util';
import { matchers } from './index.ts';
import type { MailMatchers } from './mail-matchers.ts';
import type { MatcherContext, MatcherHintOptions, MatcherResult, MatcherUtils } from './matcher.ts';
import type { Subject } from './subject.ts';

export type * from './mail-matchers.ts';

/** The matchers of a subject, and with `not` their opposites. */
export interface MailExpectation extends MailMatchers<void> {
  readonly not: MailMatchers<void>;
}

/**
 * The matchers for a server, an inbox, a session, a transaction or a message. They throw an AssertionError with the text that runners
 * show, without colours; those that wait reject with it.
 *
 * @param subject One that is `undefined`, as `mail.messages[0]` may be, is refused when something is asserted of it.
 * @example
 * ```ts
 * expectMail(message).toHaveEnvelope({ to: ['ann@example.com'] });
 * await expectMail(mail).not.toReceiveMessage({ to: 'bob@example.com' });
 * ```
 */
export function expectMail(subject: Subject | undefined): MailExpectation {
  return Object.assign(assertionsOf(subject, false), { not: assertionsOf(subject, true) });
}

type Verdict = MatcherResult | Promise<MatcherResult>;
type Matcher = (this: MatcherContext, subject: unknown, ...args: readonly unknown[]) => Verdict;

function assertionsOf(subject: unknown, isNot: boolean): MailMatchers<void> {
  const utils: MatcherUtils = { matcherHint, EXPECTED_COLOR: String, RECEIVED_COLOR: String };
  const context: MatcherContext = { isNot, promise: '', utils };
  const assertions = Object.entries(matchers as Readonly<Record<string, Matcher>>).map(([name, matcher]) => {
    const assertion = (...args: readonly unknown[]): void | Promise<void> => {
      const verdict = matcher.call(context, subject, ...args);
      if (types.isPromise(verdict)) return enforceLater(verdict, isNot, name);
      return enforce(verdict, isNot, name, assertion);
    };
    return [name, assertion] as const;
  });
  return Object.fromEntries(assertions) as unknown as MailMatchers<void>;
}

/** @param caller Where the stack of the error begins. */
function enforce(
  result: MatcherResult,
  isNot: boolean,
  operator: string,
  caller?: (...args: never[]) => unknown,
): void {
  if (result.pass !== isNot) return;
  throw new AssertionError({ message: result.message(), operator, ...(caller && { stackStartFn: caller }) });
}

/** The stack leads on to whoever awaits it, but no more through the assertion itself. */
async function enforceLater(verdict: Promise<MatcherResult>, isNot: boolean, operator: string): Promise<void> {
  enforce(await verdict, isNot, operator);
}

/** For example `expect(server).not.toHaveEnvelope(expected)`, as the runners write it. */
function matcherHint(name: string, received: string, expected: string, options: MatcherHintOptions): string {
  const args = [expected, options.secondArgument].filter((argument) => argument !== '');
  return `expect(${received})${options.isNot ? '.not' : ''}.${name}(${args.join(', ')})`;
}
