import { describeValue, type RecordedSession, type Violation, type ViolationRule } from '@mailrig/fixture';
import { isEmpty, oneOf, validateExpectation, type Fields } from './expectation.ts';
import { failureText, listed, plural } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { describeSilence, missingContents } from './missing.ts';
import { sessionsOf, subjectOf } from './subject.ts';

/** Which violations count. */
export interface ViolationOptions {
  /** Rules that may be broken. @defaultValue none */
  readonly except?: readonly ViolationRule[];
  /** The least severity that counts: `must` leaves out what an RFC only advises against. @defaultValue 'should' */
  readonly severity?: Violation['severity'];
}

export function toHaveNoViolations(
  this: MatcherContext,
  received: unknown,
  options: ViolationOptions = {},
): MatcherResult {
  const subject = subjectOf(MATCHER, received);
  validateExpectation(MATCHER, options, OPTIONS, MISNOMERS);
  const sessions = sessionsOf(subject);
  const found = sessions.flatMap((session) => session.violations.map((violation) => ({ session, violation })));
  const counted = found.filter(({ violation }) => counts(violation, options));
  // Of no session, or of what is not kept, both the assertion and its opposite would hold.
  const missing = sessions.length === 0 ? describeSilence(subject) : missingContents(subject);
  const unanswerable = counted.length === 0 ? missing : undefined;
  const describe = (): string =>
    failureText(
      this,
      { matcher: MATCHER, subject, args: isEmpty(options) ? [] : ['options'] },
      {
        expected: `${this.isNot === true ? 'a' : 'no'} violation${describeOptions(options)}`,
        received: unanswerable ?? describeCount(counted.length, found.length, sessions.length),
        nearest: describeViolations(counted, options),
        session: counted.at(-1)?.session ?? sessions.at(-1),
      },
    );
  const pass = unanswerable === undefined ? counted.length === 0 : this.isNot === true;
  return { pass, message: describe };
}

const MATCHER = 'toHaveNoViolations';

const OPTIONS: Fields<ViolationOptions> = {
  except: {
    name: "an array of rules, for example ['no-quit']",
    accepts: (value) => Array.isArray(value) && value.every((rule) => typeof rule === 'string'),
  },
  severity: oneOf('must', 'should'),
};

const MISNOMERS = { ignore: 'except', level: 'severity' } as const;

function counts({ rule, severity }: Violation, { except = [], severity: least = 'should' }: ViolationOptions): boolean {
  return !except.includes(rule) && (least === 'should' || severity === 'must');
}

function describeOptions({ except = [], severity }: ViolationOptions): string {
  const exceptions = except.length === 0 ? '' : `, but of ${except.join(', ')}`;
  return severity === 'must' ? ` of a MUST${exceptions}` : exceptions;
}

function describeCount(counted: number, found: number, sessions: number): string {
  const others = found - counted;
  const rest = others === 0 ? '' : `, and ${others} that ${others === 1 ? 'does' : 'do'} not count`;
  return `${counted === 0 ? 'no violation' : plural(counted, 'violation')} in ${plural(sessions, 'session')}${rest}`;
}

interface Finding {
  readonly session: RecordedSession;
  readonly violation: Violation;
}

function describeViolations(findings: readonly Finding[], { except = [] }: ViolationOptions): readonly string[] {
  if (findings.length === 0) return [];
  const rules = new Set([...except, ...findings.map(({ violation }) => violation.rule)]);
  return [...listed(findings.map(describeViolation)), `Where that is meant: ${describeValue({ except: [...rules] })}`];
}

function describeViolation({ session, violation }: Finding): string {
  return `session ${session.number}, ${violation.rule}: ${String(violation)}`;
}
