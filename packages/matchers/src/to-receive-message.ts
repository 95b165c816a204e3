import { describeValue, type Message, type MessageCondition, type WaitTimeoutError } from '@mailrig/fixture';
import { describeGiven, ExpectationError } from './expectation-error.ts';
import { isEmpty, isRecord, validateExpectation, type Fields } from './expectation.ts';
import { failureText, hint, type Assertion } from './format.ts';
import type { MatcherContext, MatcherResult } from './matcher.ts';
import { sessionsOf, sourceOf, type Source } from './subject.ts';

/** How long to wait for a message. */
export interface ReceiveOptions {
  /** Milliseconds. @defaultValue as long as `waitForMessage` does; with `.not` until no session is open */
  readonly within?: number;
}

export async function toReceiveMessage(
  this: MatcherContext,
  received: unknown,
  condition: MessageCondition = {},
  options: ReceiveOptions = {},
): Promise<MatcherResult> {
  const subject = sourceOf(MATCHER, received);
  validateCondition(condition);
  validateExpectation(MATCHER, options, OPTIONS, MISNOMERS);
  const { within } = options;
  const unbounded = this.isNot === true && within === undefined;
  try {
    if (unbounded) await subject.idle();
    if (unbounded && sessionsOf(subject).length === 0) {
      return { pass: true, message: () => describeSilence(this, subject, condition) };
    }
    const message = await wait(subject, condition, unbounded ? 0 : within);
    return { pass: true, message: () => describeArrival(this, subject, condition, message) };
  } catch (error) {
    if (!isWaitTimeout(error)) throw error;
    // Where it was idle() that timed out, a message may still come; where some are not kept, it may have: `.not` can't be said either.
    const isOpen = error.condition === null || (this.isNot === true && subject.discarded.messages > 0);
    return { pass: isOpen, message: () => describeTimeout(this, subject, condition, error) };
  }
}

const MATCHER = 'toReceiveMessage';

const OPTIONS: Fields<ReceiveOptions> = {
  within: { name: 'a number of milliseconds', accepts: (value) => Number.isFinite(value) && Number(value) >= 0 },
};

const MISNOMERS = { timeout: 'within' } as const;

/** Its fields are validated by the wait. An option that stands among them would be taken for one of them. */
function validateCondition(condition: unknown): void {
  if (typeof condition === 'function') return;
  if (!isRecord(condition)) {
    throw new ExpectationError(
      MATCHER,
      `takes an object with fields of a message, or a predicate, not ${describeGiven(condition)}.`,
    );
  }
  const option = ['within', ...Object.keys(MISNOMERS)].find((name) => Object.hasOwn(condition, name));
  if (option === undefined) return;
  throw new ExpectationError(
    MATCHER,
    `${describeValue(option)} is no field of a message. How long to wait is said after it: ${MATCHER}({ … }, { within: 500 }).`,
  );
}

/** An assertion takes no message away from those who wait for it. */
function wait(subject: Source, condition: MessageCondition, within?: number): Promise<Message> {
  return subject.waitForMessage(condition, within === undefined ? { take: false } : { take: false, timeout: within });
}

function isWaitTimeout(error: unknown): error is WaitTimeoutError {
  return (error as Partial<WaitTimeoutError>).code === 'ERR_MAILRIG_WAIT_TIMEOUT';
}

/** The wait tells what was expected and what came instead, and where a client failed, how to mend it. */
function describeTimeout(
  context: MatcherContext,
  subject: Source,
  condition: MessageCondition,
  { message, condition: awaited }: WaitTimeoutError,
): string {
  const advice =
    awaited === null ? ['Or does it keep them for later? Then tell how long to wait: `{ within: 500 }`.'] : [];
  return [hint(context, assertionOf(subject, condition)), '', message, ...advice].join('\n');
}

/** Nobody has come: with `.not` that would prove nothing of an application that has only begun. */
function describeSilence(context: MatcherContext, subject: Source, condition: MessageCondition): string {
  const silence =
    subject.kind === 'inbox' ? `No client has named ${subject.address} in RCPT yet` : 'No client has connected yet';
  return [
    hint(context, assertionOf(subject, condition)),
    '',
    `${silence}, so that nothing can be said.`,
    SILENCE_IS_MEANT[subject.kind],
  ].join('\n');
}

const SILENCE_IS_MEANT: Readonly<Record<Source['kind'], string>> = {
  server: 'Await the application first; or if it is not to connect at all, tell how long to wait: `{ within: 500 }`.',
  inbox:
    'Await the application first; or if it is not to send there at all, tell how long to wait: `{ within: 500 }`, or 0 once it is done.',
};

function describeArrival(
  context: MatcherContext,
  subject: Source,
  condition: MessageCondition,
  { subject: title, envelope, session }: Message,
): string {
  return failureText(context, assertionOf(subject, condition), {
    expected: isAny(condition) ? 'no message' : `no message like ${describeValue(condition)}`,
    received: describeValue({ subject: title, from: envelope.from, to: envelope.to }),
    session,
  });
}

function assertionOf(subject: Source, condition: MessageCondition): Assertion {
  return { matcher: MATCHER, subject, args: isAny(condition) ? [] : ['condition'] };
}

function isAny(condition: MessageCondition): boolean {
  return typeof condition === 'object' && isEmpty(condition);
}
