import type { Part, Pattern } from '@mailrig/fixture';
import { checksOf } from './check.ts';
import { excerptOf, placeOf } from './excerpt.ts';
import { PATTERN, validateExpectation, type Fields } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages, type Finding } from './message-claim.ts';
import { definedOf, inLowerCase, MEDIA_TYPE, MISNOMERS } from './part-fields.ts';
import { subjectOf } from './subject.ts';

/** What a body part must be like; every field given must match. */
export interface PartExpectation {
  /** The media type without its parameters, a string in any case; `multipart/…` too. */
  readonly contentType?: Pattern;
  /** A string in any case. */
  readonly charset?: Pattern;
  /** The Content-Transfer-Encoding, a string in any case. */
  readonly encoding?: Pattern;
  /** The Content-Disposition's type, a string in any case. */
  readonly disposition?: Pattern;
  readonly filename?: Pattern;
  /** The Content-ID without its angle brackets. */
  readonly contentId?: Pattern;
  /** For `text/…`: the decoded text, with LF at the ends of its lines and without the last of them, as in `message.text`. */
  readonly text?: Pattern;
}

export function toHavePart(this: MatcherContext, received: unknown, expected: PartExpectation): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateExpectation(MATCHER, expected, FIELDS, MISNOMERS);
  const comparable = definedOf({
    ...expected,
    contentType: inLowerCase(expected.contentType),
    charset: inLowerCase(expected.charset),
    encoding: inLowerCase(expected.encoding),
    disposition: inLowerCase(expected.disposition),
  });
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: ['expected'],
    noun: 'part',
    expected,
    about: 'content',
    findIn: ({ parts }) => parts.map((part, index) => ({ name: `part ${index + 1}`, ...compare(comparable, part) })),
  });
}

const MATCHER = 'toHavePart';

const FIELDS: Fields<PartExpectation> = {
  contentType: MEDIA_TYPE,
  charset: PATTERN,
  encoding: PATTERN,
  disposition: PATTERN,
  filename: PATTERN,
  contentId: PATTERN,
  text: PATTERN,
};

function compare(expected: PartExpectation, part: Part): Finding {
  const { contentType, charset, encoding, disposition, filename, contentId } = part;
  const facts = { contentType, charset, encoding, disposition, filename, contentId };
  // A text is decoded where somebody asks for it.
  const text = expected.text === undefined ? undefined : part.text?.replace(/\n$/, '');
  return {
    received: definedOf({ ...facts, text: text && excerptOf(text, placeOf(expected.text, text)) }),
    checks: checksOf(expected, { ...facts, text }, FIELDS),
  };
}
