// The one matcher whose name Playwright has too, for the text of a locator.
import type { Pattern } from '@mailrig/fixture';
import { matchers, type MatcherContext, type MatcherResult } from '@mailrig/matchers';
import { expect as playwrightExpect, type ExpectMatcherState, type Locator } from '@playwright/test';

export function toHaveText(
  this: MatcherContext & ExpectMatcherState,
  received: unknown,
  ...args: readonly [expected: unknown, options?: LocatorOptions]
): MatcherResult | Promise<MatcherResult> {
  if (isLocator(received)) return judgeLocator(this, received, ...args);
  return matchers.toHaveText.call(this, received, args[0] as Pattern);
}

type LocatorOptions = Parameters<ReturnType<typeof playwrightExpect<Locator>>['toHaveText']>[1];

function isLocator(received: unknown): received is Locator {
  return typeof (received as Partial<Locator> | null | undefined)?.allTextContents === 'function';
}

/** What Playwright's own matcher says; where it throws, the verdict that it has made an error of. */
async function judgeLocator(
  { isNot, timeout }: ExpectMatcherState,
  locator: Locator,
  expected: unknown,
  options?: LocatorOptions,
): Promise<MatcherResult> {
  const assertion = playwrightExpect(locator);
  try {
    await (isNot ? assertion.not : assertion).toHaveText(expected as string, { timeout, ...options });
    return { pass: !isNot, message: () => '' };
  } catch (error) {
    const { matcherResult, message } = error as Error & { readonly matcherResult?: object };
    return { ...matcherResult, pass: isNot, message: () => message };
  }
}
