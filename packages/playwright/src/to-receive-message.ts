// The matcher that waits, for as long as Playwright's own do.
import type { MessageCondition } from '@mailrig/fixture';
import { matchers, type MatcherContext, type MatcherResult, type ReceiveOptions } from '@mailrig/matchers';
import type { ExpectMatcherState } from '@playwright/test';

/** Without `within` it waits for the `timeout` of `expect`, 0 being no limit; with `.not` until no session is open. */
export function toReceiveMessage(
  this: MatcherContext & ExpectMatcherState,
  received: unknown,
  condition?: MessageCondition,
  options: ReceiveOptions = {},
): Promise<MatcherResult> {
  // What are no options at all is refused there, and a spread would make some of it.
  const isUnbounded = !this.isNot && typeof options === 'object' && options.within === undefined;
  const bounded = isUnbounded ? { ...options, within: this.timeout || LONGEST } : options;
  return matchers.toReceiveMessage.call(this, received, condition, bounded);
}

/** In milliseconds: what `setTimeout` can count. The test's own limit comes first. */
const LONGEST = 2 ** 31 - 1;
