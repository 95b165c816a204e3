// What an assertion is about, told apart by `kind`, and what of the recording belongs to it.
import { types } from 'node:util';
import type { Inbox, Message, RecordedSession, RecordedTransaction, TestSmtp } from '@mailrig/fixture';
import { describeGiven, ExpectationError } from './expectation-error.ts';

/** Whatever a fixture hands out that is recorded, or holds what is. */
export type Subject = TestSmtp | RecordedSession | RecordedTransaction | Message;

/**
 * The subject of a matcher that looks at sessions, or at what they contain.
 * @throws ExpectationError (`ERR_MAILRIG_EXPECTATION`), with `.not` too: of anything else nothing can be said.
 */
export function subjectOf(matcher: string, received: unknown): Subject {
  const kind = kindOf(received);
  if (kind === undefined || kind === 'inbox') throw misfit(matcher, received, RECORDED);
  return received as Subject;
}

/** The subject of a matcher that waits. Throws like {@link subjectOf}. */
export function receiverOf(matcher: string, received: unknown): Inbox | TestSmtp {
  const kind = kindOf(received);
  if (kind !== 'server' && kind !== 'inbox') throw misfit(matcher, received, ['server', 'inbox']);
  return received as Inbox | TestSmtp;
}

/** The subject of a matcher that looks at what a server was told to do. Throws like {@link subjectOf}. */
export function serverOf(matcher: string, received: unknown): TestSmtp {
  if (kindOf(received) !== 'server') throw misfit(matcher, received, ['server']);
  return received as TestSmtp;
}

/** The sessions that a subject consists of, or the one that it is part of. */
export function sessionsOf(subject: Subject): readonly RecordedSession[] {
  switch (subject.kind) {
    case 'server':
      return subject.sessions;
    case 'session':
      return [subject];
    case 'transaction':
    case 'message':
      return [subject.session];
  }
}

/** The transactions that a subject consists of, or the one that it came by. */
export function transactionsOf(subject: Subject): readonly RecordedTransaction[] {
  switch (subject.kind) {
    case 'server':
    case 'session':
      return sessionsOf(subject).flatMap((session) => session.transactions);
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
      return subject.messages;
    case 'session':
    case 'transaction':
      return transactionsOf(subject).flatMap(({ message }) => message ?? []);
    case 'message':
      return [subject];
  }
}

/** For example `transaction 2 of session 1`. */
export function nameOf(transaction: RecordedTransaction): string {
  const { session } = transaction;
  return `transaction ${session.transactions.indexOf(transaction) + 1} of session ${session.number}`;
}

type Kind = (Inbox | Subject)['kind'];

const DESCRIPTIONS: Readonly<Record<Kind, string>> = {
  message: 'a message',
  transaction: 'a transaction',
  session: 'a session',
  server: 'a server of startTestSmtp()',
  inbox: 'an inbox',
};

const RECORDED: readonly Kind[] = ['message', 'transaction', 'session', 'server'];

function kindOf(received: unknown): Kind | undefined {
  const kind = (received as { readonly kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' && Object.hasOwn(DESCRIPTIONS, kind) ? (kind as Kind) : undefined;
}

function misfit(matcher: string, received: unknown, fitting: readonly Kind[]): ExpectationError {
  const descriptions = fitting.map((kind) => DESCRIPTIONS[kind]).join(', ');
  const kind = kindOf(received);
  const given = kind === undefined ? describeGiven(received) : DESCRIPTIONS[kind];
  return new ExpectationError(
    matcher,
    `expect() must be given ${descriptions.replace(/, (?=[^,]*$)/, ' or ')}, not ${given}${remedyFor(received)}.`,
  );
}

function remedyFor(received: unknown): string {
  if (types.isPromise(received)) return ': await it first';
  return Array.isArray(received) ? ': take one of its items' : '';
}
