// Whether all of it is still there, what was said in sessions and what they had: of what is not, nothing can be said.
import type { Discarded, RecordedSession, TranscriptEntry } from '@mailrig/fixture';
import { plural } from './format.ts';
import { discardedOf, sessionsOf, type Subject } from './subject.ts';

/** Why nothing can be said of a subject without any session. */
export function describeSilence(subject: Subject): string {
  const silence =
    subject.kind === 'inbox' ? `no client has named ${subject.address} in RCPT` : 'no client has connected';
  return missingSessions(subject) ?? `no session: ${silence}, so that there is nothing to compare`;
}

/** Why of what is not in these sessions nothing can be said: some of them are not kept. */
export function missingSessions(subject: Subject): string | undefined {
  return describeMissing(discardedOf(subject)?.sessions ?? 0, 'earlier session');
}

/** The same of what goes with its session, though a message of it may be kept: all but what it was, and how it ended. */
export function missingContents(subject: Subject): string | undefined {
  return (
    missingSessions(subject) ?? findCut(sessionsOf(subject).filter(({ transcript }) => transcript.entries.length === 1))
  );
}

/** The same of lines in these dialogues. */
export function missingLines(subject: Subject): string | undefined {
  return missingSessions(subject) ?? findCut(sessionsOf(subject));
}

/** The same of transactions. */
export function missingTransactions(subject: Subject): string | undefined {
  if (subject.kind === 'transaction' || subject.kind === 'message') return undefined;
  return missingItems(subject, 'transactions', 'earlier transaction');
}

/** The same of AUTH attempts. */
export function missingAuthAttempts(subject: Subject): string | undefined {
  return missingItems(subject, 'authAttempts', 'earlier AUTH attempt');
}

/** A session that is too long lets go of lines before it lets go of anything else, and does not count what that was. */
function missingItems(subject: Subject, items: keyof Discarded, noun: string): string | undefined {
  const discarded = discardedOf(subject);
  if (discarded === undefined) return missingLines(subject);
  return missingContents(subject) ?? describeMissing(discarded[items], noun);
}

/** Why of what these sessions of a subject have not come to yet nothing can be said. */
export function describeOpen(subject: Subject, sessions: readonly RecordedSession[]): string | undefined {
  if (sessions.length === 0) return undefined;
  const source = subject.kind === 'inbox' ? 'inbox' : 'mail';
  const numbers = sessions.map(({ number }) => number).join(', ');
  return `session ${numbers} still open: first \`await ${source}.waitForSession()\` or \`${source}.idle()\``;
}

/** Of so many things that are not kept. */
export function describeMissing(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${plural(count, noun)} not kept: ${REMEDY}`;
}

const REMEDY = 'raise `retain`, or `mail.reset()` between tests';

function findCut(sessions: readonly RecordedSession[]): string | undefined {
  return sessions.map(cutOf).find((cut) => cut !== undefined);
}

/** A transcript that is not whole begins by saying so. */
function cutOf({ number, transcript }: RecordedSession): string | undefined {
  const first = transcript.entries[0];
  return first !== undefined && isCut(first) ? `in session ${number}, ${first.text}: ${REMEDY}` : undefined;
}

function isCut({ from, text }: TranscriptEntry): boolean {
  return from === '*' && /^\d+ earlier lines? (?:is|are) not kept$/.test(text);
}
