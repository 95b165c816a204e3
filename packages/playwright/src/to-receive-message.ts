// The matcher that waits, for as long as Playwright's own do.
import type { MessageCondition } from '@mailrig/fixture';
import { matchers, type MatcherContext, type MatcherResult, type ReceiveOptions } from '@mailrig/matchers';
import type { ExpectMatcherState } from '@playwright/test';

/** Without `within` it waits for the `timeout` of `expect`; with `.not` until no session is open. */
export function toReceiveMessage(
  this: MatcherContext & ExpectMatcherState,
  received: unknown,
  condition?: MessageCondition,
  options: ReceiveOptions = {},
): Promise<MatcherResult> {
  const bounded = this.isNot ? options : { within: this.timeout, ...options };
  return matchers.toReceiveMessage.call(this, received, condition, bounded);
}
