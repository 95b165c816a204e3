import type { Pattern } from '@mailrig/fixture';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeText } from './message-claim.ts';

export function toHaveSubject(this: MatcherContext, received: unknown, pattern: Pattern): MatcherResult {
  return judgeText(this, 'toHaveSubject', received, pattern, 'subject');
}
