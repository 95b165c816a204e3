import { types } from 'node:util';
import { isPattern, type Attachment, type AttachmentFilter, type Pattern } from '@mailrig/fixture';
import { checkOf, checksOf, type Check } from './check.ts';
import { excerptOf, placeOf } from './excerpt.ts';
import { BOOLEAN, expandExpectation, isEmpty, PATTERN, type Fields } from './expectation.ts';
import { plural } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages, type Finding } from './message-claim.ts';
import { definedOf, inLowerCase, MEDIA_TYPE, MISNOMERS } from './part-fields.ts';
import { subjectOf } from './subject.ts';

/** What an attachment must be like, in the words of `message.attachment()`; every field given must match. */
export interface AttachmentExpectation extends Exclude<AttachmentFilter, Pattern> {
  /** Whether it is shown in place (Content-Disposition: inline). */
  readonly inline?: boolean;
  /** Its octets, all of them; or a pattern for them as text in UTF-8. */
  readonly content?: Uint8Array | Pattern;
}

/** @param args The filter; without one, any attachment. One that is `undefined` was most likely not found. */
export function toHaveAttachment(
  this: MatcherContext,
  received: unknown,
  ...args: readonly [expected?: Pattern | AttachmentExpectation]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  const expected: AttachmentExpectation =
    args.length === 0 ? {} : expandExpectation<AttachmentExpectation>(MATCHER, args[0], 'filename', FIELDS, MISNOMERS);
  const { content } = expected;
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: isEmpty(expected) ? [] : ['expected'],
    noun: 'attachment',
    expected: isOctets(content) ? { ...expected, content: describeOctets(content) } : expected,
    about: 'content',
    findIn: ({ attachments }) =>
      attachments.map((attachment, index) => ({ name: `attachment ${index + 1}`, ...compare(expected, attachment) })),
  });
}

const MATCHER = 'toHaveAttachment';

const FIELDS: Fields<AttachmentExpectation> = {
  filename: PATTERN,
  contentType: MEDIA_TYPE,
  inline: BOOLEAN,
  contentId: PATTERN,
  content: {
    name: `a Uint8Array, ${PATTERN.name}`,
    accepts: (value) => isOctets(value) || isPattern(value),
  },
};

function compare({ content, ...expected }: AttachmentExpectation, attachment: Attachment): Finding {
  const { filename, contentType, inline, contentId } = attachment;
  const facts = { filename, contentType, inline, contentId };
  const comparable = definedOf({ ...expected, contentType: inLowerCase(expected.contentType) });
  const checks = checksOf<Omit<AttachmentExpectation, 'content'>>(comparable, facts, FIELDS);
  // A content is decoded where somebody asks for it.
  if (content === undefined) return { received: definedOf(facts), checks };
  const compared = compareContent(content, attachment.content);
  return {
    received: { ...definedOf(facts), content: compared.shown },
    checks: [...checks, compared.check],
  };
}

function compareContent(
  expected: Uint8Array | Pattern,
  received: Buffer,
): { readonly check: Check; readonly shown: string } {
  if (!isOctets(expected)) {
    const text = received.toString();
    return { check: checkOf('content', expected, text), shown: excerptOf(text, placeOf(expected, text)) };
  }
  const differsAt = received.findIndex((octet, index) => octet !== expected[index]);
  const place = differsAt === -1 ? received.length : differsAt;
  const shown = describeOctets(received, place);
  const holds = place === expected.length && place === received.length;
  return {
    check: { field: 'content', holds, values: { expected: describeOctets(expected, place), received: shown } },
    shown,
  };
}

function isOctets(value: unknown): value is Uint8Array {
  return types.isUint8Array(value);
}

const OCTETS_SHOWN = 16;

/** For example `5 octets: 48 65 6c 6c 6f`; of many those near a place, `9000 octets, from 4096 on: …`. */
function describeOctets(octets: Uint8Array, place = 0): string {
  const start = octets.length <= OCTETS_SHOWN ? 0 : Math.max(0, Math.min(place, octets.length) - OCTETS_SHOWN / 4);
  const shown = [...octets.subarray(start, start + OCTETS_SHOWN)].map((octet) => octet.toString(16).padStart(2, '0'));
  const more = start + OCTETS_SHOWN < octets.length ? ' …' : '';
  return `${plural(octets.length, 'octet')}${start === 0 ? '' : `, from ${start} on`}: ${shown.join(' ')}${more}`;
}
