// What a matcher needs of its runner, and what it gives back: the part that vitest, jest and the `expect` package share.

/** `this` of a matcher. */
export interface MatcherContext {
  /** Whether the assertion is written with `.not`. */
  readonly isNot?: boolean | undefined;
  /** `resolves`, `rejects` or an empty string; `undefined` for an asymmetric matcher. */
  readonly promise?: string | undefined;
  readonly utils: MatcherUtils;
}

/** What the matchers use of `this.utils`: nothing of it is worded differently by another runner. */
export interface MatcherUtils {
  /** For example `expect(server).not.toHaveEnvelope(expected)`. */
  matcherHint(name: string, received: string, expected: string, options: MatcherHintOptions): string;
  EXPECTED_COLOR(text: string): string;
  RECEIVED_COLOR(text: string): string;
}

export interface MatcherHintOptions {
  readonly isNot: boolean;
  readonly promise: string;
  readonly secondArgument: string;
}

/** What a matcher returns. */
export interface MatcherResult {
  readonly pass: boolean;
  /** The text of the failure: of the assertion where `pass` is false, of its `.not` where it is true. */
  message(): string;
}
