// What was said in sessions, and whether all of it is still there.
import type { RecordedSession, TranscriptEntry } from '@mailrig/fixture';
import { plural } from './format.ts';
import { sessionsOf, type Subject } from './subject.ts';

/** Why of a line that is not in these dialogues nothing can be said: it may have been in what is not kept. */
export function missingLines(subject: Subject): string | undefined {
  return (
    missingSessions(subject) ??
    sessionsOf(subject)
      .map(cutOf)
      .find((cut) => cut !== undefined)
  );
}

/** Why of what is not in these sessions nothing can be said: some of them are not kept, or nothing of them but their message. */
export function missingSessions(subject: Subject): string | undefined {
  if (subject.kind === 'server' && subject.discarded.sessions > 0) {
    return `${plural(subject.discarded.sessions, 'earlier session')} not kept: ${REMEDY}`;
  }
  return sessionsOf(subject)
    .filter(({ transcript }) => transcript.entries.length === 1)
    .map(cutOf)
    .find((cut) => cut !== undefined);
}

/** What to do about it. */
export const REMEDY = 'raise `retain`, or `mail.reset()` between tests';

/** A transcript that is not whole begins by saying so. */
function cutOf({ number, transcript }: RecordedSession): string | undefined {
  const first = transcript.entries[0];
  return first !== undefined && isCut(first) ? `in session ${number}, ${first.text}: ${REMEDY}` : undefined;
}

function isCut({ from, text }: TranscriptEntry): boolean {
  return from === '*' && /^\d+ earlier lines? (?:is|are) not kept$/.test(text);
}
