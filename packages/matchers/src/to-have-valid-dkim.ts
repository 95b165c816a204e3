import type { Pattern } from '@mailrig/fixture';
import { checkOf, type Check } from './check.ts';
import { areDkimKeys, type DkimKeys } from './dkim-keys.ts';
import { keyNameOf, type DkimSignature } from './dkim-signature.ts';
import { verifyDkim, type DkimVerdict } from './dkim-verification.ts';
import { ExpectationError } from './expectation-error.ts';
import { isEmpty, PATTERN, validateExpectation, type Fields } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { judgeMessages } from './message-claim.ts';
import { messagesOf, subjectOf } from './subject.ts';

/** What a valid DKIM signature must be like; every field given must match. */
export interface DkimExpectation {
  /** The signing domain, `d=`; a string in any case. */
  readonly domain?: Pattern;
  /** `s=` */
  readonly selector?: Pattern;
  /** What it is verified with: no DNS server is asked. */
  readonly publicKey: DkimKeys;
}

export async function toHaveValidDkim(
  this: MatcherContext,
  received: unknown,
  expected: DkimExpectation,
): Promise<MatcherResult> {
  const subject = subjectOf(MATCHER, received);
  validateExpectation(MATCHER, expected, FIELDS, MISNOMERS);
  const { publicKey, ...shown } = expected;
  if (publicKey === undefined) {
    throw new ExpectationError(MATCHER, `publicKey is missing: no DNS server is asked. It is ${KEYS}.`);
  }
  const messages = messagesOf(subject);
  const verdicts = await Promise.all(messages.map((message) => verifyDkim(MATCHER, message, publicKey)));
  const verdictsOf = new Map(messages.map((message, index) => [message, verdicts[index]!]));
  const keyless = verdicts.flat().find(({ lacksKey, signature }) => lacksKey && isMeant(expected, signature));
  return judgeMessages(this, {
    matcher: MATCHER,
    subject,
    args: ['expected'],
    noun: verdicts.flat().length === 0 ? 'DKIM signature' : 'valid DKIM signature',
    expected: isEmpty(shown) ? shown : { ...shown, result: 'pass' },
    about: 'header',
    findIn: (message) =>
      verdictsOf.get(message)!.map((verdict, index) => ({
        name: `DKIM-Signature ${index + 1}`,
        received: shownVerdict(verdict),
        checks: compare(expected, verdict),
      })),
    undecided: keyless && `no key for ${keyNameOf(keyless.signature)}: give it in publicKey`,
  });
}

const MATCHER = 'toHaveValidDkim';

const KEYS =
  "a public key in PEM, a KeyObject, a DNS record such as 'v=DKIM1; k=rsa; p=…', or an object of these by name, selector._domainkey.domain";

const FIELDS: Fields<DkimExpectation> = {
  domain: PATTERN,
  selector: PATTERN,
  // It may be a private one.
  publicKey: { name: KEYS, accepts: areDkimKeys, isSecret: true },
};

/** In RFC 6376, and in nodemailer's options. */
const MISNOMERS = {
  d: 'domain',
  domainName: 'domain',
  s: 'selector',
  keySelector: 'selector',
  key: 'publicKey',
  privateKey: 'publicKey',
} as const;

type Name = Omit<DkimExpectation, 'publicKey'>;

function compare(expected: Name, { signature, result }: DkimVerdict): readonly Check[] {
  return [...compareName(expected, signature), checkOf('result', 'pass', result)];
}

function compareName({ domain, selector }: Name, signature: DkimSignature): readonly Check[] {
  return [
    ...(domain === undefined ? [] : [checkOf('domain', lowered(domain), signature.domain.toLowerCase())]),
    ...(selector === undefined ? [] : [checkOf('selector', selector, signature.selector)]),
  ];
}

function isMeant(expected: Name, signature: DkimSignature): boolean {
  return compareName(expected, signature).every(({ holds }) => holds);
}

function lowered(domain: Pattern): Pattern {
  return typeof domain === 'string' ? domain.toLowerCase() : domain;
}

function shownVerdict({ signature: { domain, selector, algorithm }, result }: DkimVerdict): object {
  return { domain, selector, algorithm, result };
}
