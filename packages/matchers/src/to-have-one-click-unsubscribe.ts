import type { Message, Pattern } from '@mailrig/fixture';
import { checkOf, type Check } from './check.ts';
import { signaturesOf } from './dkim-signature.ts';
import { PATTERN, validateArgument } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages } from './message-claim.ts';
import { subjectOf } from './subject.ts';

/** @param args The URL; without one, any. One that is `undefined` was most likely not found. */
export function toHaveOneClickUnsubscribe(
  this: MatcherContext,
  received: unknown,
  ...args: readonly [url?: Pattern]
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  const [url] = args;
  if (args.length > 0) validateArgument(MATCHER, 'url', url, PATTERN);
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: url === undefined ? [] : ['url'],
    noun: 'one-click unsubscription',
    expected: url === undefined ? {} : { url },
    about: 'header',
    findIn: (message) => [{ received: shown(message), checks: compare(url, message) }],
  });
}

const MATCHER = 'toHaveOneClickUnsubscribe';

const LIST = 'List-Unsubscribe';
const POST = 'List-Unsubscribe-Post';

function shown(message: Message): object {
  return { [LIST]: message.headerValues(LIST)[0], [POST]: message.headerValues(POST)[0] };
}

function compare(url: Pattern | undefined, message: Message): readonly Check[] {
  const uris = message.headerValues(LIST).flatMap(urisOf);
  const web = uris.filter((uri) => /^https?:/i.test(uri));
  return [
    // RFC 2369 §2
    once(LIST, message),
    // RFC 8058 §3.1: one HTTPS URI, and no other of HTTP.
    {
      field: `the https URI of ${LIST}`,
      holds: web.length === 1 && isHttps(web[0]!),
      values: { expected: 'one, and none of http', received: uris },
    },
    ...(url === undefined ? [] : [checkOf('url', url, web[0])]),
    once(POST, message),
    checkOf(POST, 'List-Unsubscribe=One-Click', message.headerValues(POST)[0]),
    ...compareSignatures(message),
  ];
}

function once(name: string, message: Message): Check {
  const count = message.headerValues(name).length;
  return { field: `fields named ${name}`, holds: count === 1, values: { expected: 1, received: count } };
}

/** RFC 2369 §2: each in angle brackets, in which white space means nothing. */
function urisOf(field: string): readonly string[] {
  return [...field.matchAll(/<([^>]*)>/g)].map(([, uri]) => uri!.replaceAll(/\s/g, ''));
}

function isHttps(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).protocol === 'https:';
}

/** RFC 8058 §4: a DKIM signature covers both fields. A message that is not signed yet may be, by who relays it. */
function compareSignatures(message: Message): readonly Check[] {
  const signatures = signaturesOf(message);
  if (signatures.length === 0) return [];
  const covered = [LIST, POST].map((name) => name.toLowerCase());
  const holds = signatures.some(({ fields }) => covered.every((name) => fields.includes(name)));
  const received = signatures.map(({ fields }) => fields.join(':'));
  return [{ field: 'h= of DKIM-Signature', holds, values: { expected: `${LIST}:${POST}`, received } }];
}
