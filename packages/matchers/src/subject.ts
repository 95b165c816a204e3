// What an assertion is about, told apart by `kind`, and what of the recording belongs to it.
import { types } from 'node:util';
import {
  matchesAddress,
  type Discarded,
  type Inbox,
  type Message,
  type RecordedSession,
  type RecordedTransaction,
  type TestSmtp,
} from '@mailrig/fixture';
import { describeGiven, ExpectationError } from './expectation-error.ts';

/** A server, or an inbox, which has of its server what concerns its address. */
export type Source = Inbox | TestSmtp;

/** Whatever a fixture hands out that is recorded, or holds what is. */
export type Subject = Source | RecordedSession | RecordedTransaction | Message;

/**
 * The subject of a matcher that looks at sessions, or at what they contain.
 * @throws ExpectationError (`ERR_MAILRIG_EXPECTATION`), with `.not` too: of anything else nothing can be said.
 */
export function subjectOf(matcher: string, received: unknown): Subject {
  if (kindOf(received) === undefined) throw misfit(matcher, received, KINDS);
  return received as Subject;
}

/** The subject of a matcher that waits, or looks at what was scripted. Throws like {@link subjectOf}. */
export function sourceOf(matcher: string, received: unknown): Source {
  const kind = kindOf(received);
  if (kind !== 'server' && kind !== 'inbox') throw misfit(matcher, received, ['server', 'inbox']);
  return received as Source;
}

/** Whether this is how a matcher refuses its subject, and not what is expected of it. */
export function isMisfit(error: unknown): boolean {
  return misfits.has(error as Error);
}

/** The sessions that a subject consists of, or the one that it is part of. */
export function sessionsOf(subject: Subject): readonly RecordedSession[] {
  switch (subject.kind) {
    case 'server':
      return subject.sessions;
    case 'inbox':
      return sessionsOfInbox(subject);
    case 'session':
      return [subject];
    case 'transaction':
    case 'message':
      return [subject.session];
  }
}

/** The transactions that a subject consists of, or the one that it came by; of an inbox those that have named its address in RCPT. */
export function transactionsOf(subject: Subject): readonly RecordedTransaction[] {
  switch (subject.kind) {
    case 'server':
    case 'session':
      return sessionsOf(subject).flatMap((session) => session.transactions);
    case 'inbox':
      return sessionsOf(subject)
        .flatMap((session) => session.transactions)
        .filter(({ recipients }) => recipients.some(({ address }) => matchesAddress(subject.address, address)));
    case 'transaction':
      return [subject];
    case 'message':
      return [subject.transaction];
  }
}

/** The accepted messages that a subject has, or the one that it is. */
export function messagesOf(subject: Subject): readonly Message[] {
  switch (subject.kind) {
    case 'server':
    case 'inbox':
      return subject.messages;
    case 'session':
    case 'transaction':
      return transactionsOf(subject).flatMap(({ message }) => message ?? []);
    case 'message':
      return [subject];
  }
}

/** What may be missing of a subject's kind; `undefined` of one thing, which is there. */
export function discardedOf(subject: Subject): Discarded | undefined {
  return isSource(subject) ? subject.discarded : undefined;
}

export function isSource(subject: Subject): subject is Source {
  return subject.kind === 'server' || subject.kind === 'inbox';
}

/** For example `transaction 2 of session 1`. */
export function nameOf(transaction: RecordedTransaction): string {
  const { session } = transaction;
  const number = session.transactions.indexOf(transaction) + 1;
  // A session that is not kept has none any more, though a message of it is.
  return number === 0
    ? `a transaction of session ${session.number}`
    : `transaction ${number} of session ${session.number}`;
}

/** Those that have named the address, and those that brought its messages: of such a one nothing else may be kept. */
function sessionsOfInbox({ sessions, messages }: Inbox): readonly RecordedSession[] {
  const all = new Set([...sessions, ...messages.map(({ session }) => session)]);
  return [...all].toSorted((one, other) => one.number - other.number);
}

type Kind = Subject['kind'];

const DESCRIPTIONS: Readonly<Record<Kind, string>> = {
  message: 'a message',
  transaction: 'a transaction',
  session: 'a session',
  server: 'a server of startTestSmtp()',
  inbox: 'an inbox',
};

const KINDS = Object.keys(DESCRIPTIONS) as readonly Kind[];

function kindOf(received: unknown): Kind | undefined {
  const kind = (received as { readonly kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' && Object.hasOwn(DESCRIPTIONS, kind) ? (kind as Kind) : undefined;
}

const misfits = new WeakSet<Error>();

function misfit(matcher: string, received: unknown, fitting: readonly Kind[]): ExpectationError {
  const descriptions = fitting.map((kind) => DESCRIPTIONS[kind]).join(', ');
  const kind = kindOf(received);
  const given = kind === undefined ? describeGiven(received) : DESCRIPTIONS[kind];
  const error = new ExpectationError(
    matcher,
    `expect() must be given ${descriptions.replace(/, (?=[^,]*$)/, ' or ')}, not ${given}${remedyFor(received, fitting)}.`,
  );
  misfits.add(error);
  return error;
}

function remedyFor(received: unknown, fitting: readonly Kind[]): string {
  if (received === undefined && fitting.includes('message')) {
    return ': has it come yet? `await mail.waitForMessage()` gives it when it has';
  }
  if (types.isPromise(received)) return ': await it first';
  return Array.isArray(received) ? ': take one of its items' : '';
}
