// What a failure shows of a long text: the place that matters. Its end is cut where it is printed.
import { types } from 'node:util';
import type { Pattern } from '@mailrig/fixture';

/** The text from shortly before a place on; a short one as it is. */
export function excerptOf(text: string, place = 0): string {
  const start = text.length <= SHOWN_WHOLE ? 0 : Math.max(0, place - SHOWN_BEFORE);
  return start === 0 ? text : `…${text.slice(start)}`;
}

/** Where a text has what a pattern looks for; of a string that is not in it, where it differs first. */
export function placeOf(pattern: Pattern | undefined, text: string): number {
  const sought = soughtBy(pattern);
  if (types.isRegExp(sought)) return Math.max(0, text.search(sought));
  if (typeof sought !== 'string') return 0;
  const within = text.indexOf(sought);
  return within === -1 ? firstDifference(sought, text) : within;
}

/** What `describeValue` prints whole. */
const SHOWN_WHOLE = 200;

const SHOWN_BEFORE = 40;

/** `expect.stringContaining` and `expect.stringMatching` have a sample. */
function soughtBy(pattern: Pattern | undefined): unknown {
  return typeof pattern === 'string' || types.isRegExp(pattern)
    ? pattern
    : (pattern as { sample?: unknown } | undefined)?.sample;
}

function firstDifference(one: string, other: string): number {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return at;
  return one.length;
}
