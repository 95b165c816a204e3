import type { AsymmetricMatcher, LinkFilter, Message, Pattern } from '@mailrig/fixture';
import { checksOf } from './check.ts';
import { excerptOf, placeOf } from './excerpt.ts';
import { expandExpectation, isEmpty, PATTERN, type Fields } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages } from './message-claim.ts';
import { subjectOf } from './subject.ts';

/** What a link must be like, in the words of `message.link()`; every field given must match. */
type LinkExpectation = Exclude<LinkFilter, Pattern>;

/** @param args The filter; without one, any link. One that is `undefined` was most likely not found. */
export function toHaveLink(
  this: MatcherContext,
  received: unknown,
  ...args: readonly [expected?: LinkFilter]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  const expected: LinkExpectation =
    args.length === 0 ? {} : expandExpectation<LinkExpectation>(MATCHER, args[0], 'url', FIELDS, MISNOMERS);
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: isEmpty(expected) ? [] : ['expected'],
    noun: 'link',
    expected,
    about: 'content',
    findIn: (message) =>
      linksOf(message).map((link, index) => ({
        name: `link ${index + 1}`,
        received: { url: shown(expected.url, link.url), label: shown(expected.label, link.label) },
        checks: checksOf(expected, link, FIELDS),
      })),
  });
}

const MATCHER = 'toHaveLink';

const FIELDS: Fields<LinkExpectation> = { url: PATTERN, label: PATTERN };
/** In HTML. */
const MISNOMERS = { href: 'url', text: 'label' } as const;

interface Link {
  readonly url: string;
  readonly label: string;
}

/** `links()` gives addresses only; a filter is shown the labels too. */
function linksOf(message: Message): readonly Link[] {
  const urls: string[] = [];
  const labels: string[] = [];
  message.links({ url: keepIn(urls), label: keepIn(labels) });
  return urls.map((url, index) => ({ url, label: labels[index]! }));
}

function keepIn(values: string[]): AsymmetricMatcher {
  return {
    asymmetricMatch: (value) => {
      values.push(value as string);
      return true;
    },
  };
}

function shown(pattern: Pattern | undefined, text: string): string {
  return excerptOf(text, placeOf(pattern, text));
}
