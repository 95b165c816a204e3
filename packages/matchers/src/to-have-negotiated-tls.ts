import type { Pattern, RecordedSession } from '@mailrig/fixture';
import { checksOf, type Check } from './check.ts';
import { judge } from './claim.ts';
import { BOOLEAN, isEmpty, nullOr, oneOf, PATTERN, validateExpectation, type Fields } from './expectation.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { missingSessions } from './missing.ts';
import { sessionsOf, subjectOf } from './subject.ts';

/** What the TLS of a session must be like; every field given must match. */
export interface TlsExpectation {
  readonly via?: 'starttls' | 'implicit';
  /** Whether STARTTLS was listed in the EHLO reply: with `via: 'starttls'`, `false` is hidden STARTTLS. */
  readonly advertised?: boolean;
  /** For example `TLSv1.3`. */
  readonly version?: Pattern;
  /** The name that the client asked for (SNI), `null` for none. */
  readonly servername?: Pattern | null;
  /** The common name of the client's certificate, `null` for none. */
  readonly clientCertificate?: Pattern | null;
}

export function toHaveNegotiatedTls(
  this: MatcherContext,
  received: unknown,
  expected: TlsExpectation = {},
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateExpectation(MATCHER, expected, FIELDS, MISNOMERS);
  const candidates = sessionsOf(subject).map((session) => {
    const facts = factsOf(session);
    const checks = facts === null ? allFail(expected, session) : checksOf(expected, facts, FIELDS);
    return { name: `session ${session.number}`, session, received: facts, checks };
  });
  return judge(this, {
    matcher: MATCHER,
    subject,
    args: isEmpty(expected) ? [] : ['expected'],
    noun: 'TLS',
    expected,
    candidates,
    undecided: missingSessions(subject),
  });
}

const MATCHER = 'toHaveNegotiatedTls';

const FIELDS: Fields<TlsExpectation> = {
  via: oneOf('starttls', 'implicit'),
  advertised: BOOLEAN,
  version: PATTERN,
  servername: nullOr(PATTERN),
  clientCertificate: nullOr(PATTERN),
};

/** In what is recorded, and in node:tls. */
const MISNOMERS = { mode: 'via', protocol: 'version', sni: 'servername' } as const;

/** What was negotiated, in the words of the expectation. */
type Facts = { readonly [Field in keyof TlsExpectation]-?: unknown };

function factsOf({ tls }: RecordedSession): Facts | null {
  if (tls === null) return null;
  const { mode: via, advertised, version, servername, clientCertificate } = tls;
  return { via, advertised, version, servername, clientCertificate };
}

// Without TLS nothing holds, not even an expectation of nothing in particular; who tried came nearer than who did not.
function allFail(expected: TlsExpectation, { problem }: RecordedSession): readonly Check[] {
  const missing = problem === null ? ['handshake', 'TLS'] : ['TLS'];
  return [...missing, ...Object.keys(expected)].map((field) => ({ field, holds: false }));
}
