// What a failed test has in its report: the dialogues, and the messages as they came.
import type { Message, RecordedSession } from '@mailrig/fixture';
import type { TestContext } from 'vitest';

/**
 * Attaches a transcript for each session, and the octets of each message. What can't be attached is left out: the test has failed for
 * another reason.
 */
export async function reportMail(context: Reporter, sessions: readonly RecordedSession[]): Promise<void> {
  const reported = sessions.slice(-MOST_SESSIONS);
  await Promise.allSettled(reported.flatMap(attachmentsOf).map((attachment) => annotateFailed(context, attachment)));
}

/** The part of a test's context that reports. */
export type Reporter = Pick<TestContext, 'annotate' | 'task'>;

const MOST_SESSIONS = 10;
/** Of one session. */
const MOST_MESSAGES = 10;
/** Of one message; the report goes from process to process. */
const MOST_OCTETS = 1024 * 1024;
/** Lines of a transcript that are printed, the last ones. */
const TRANSCRIPT_LINES = 8;

interface Attachment {
  /** What is printed. */
  readonly text: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

function attachmentsOf(session: RecordedSession): readonly Attachment[] {
  const { problem, transcript, transactions } = session;
  const lines = [...(problem === null ? [] : [problem]), ...transcript.tail(TRANSCRIPT_LINES).split('\n')];
  const messages = transactions.flatMap(({ message }) => message ?? []).slice(-MOST_MESSAGES);
  return [
    {
      text: [String(session), ...lines.map((line) => `       ${line}`)].join('\n'),
      contentType: 'text/plain',
      body: Buffer.from(String(transcript)),
    },
    ...messages.map(contentOf),
  ];
}

function contentOf(message: Message): Attachment {
  const { raw } = message;
  const cut = raw.length > MOST_OCTETS ? `, of which the first ${MOST_OCTETS} are attached` : '';
  return { text: `${String(message)}${cut}`, contentType: 'message/rfc822', body: raw.subarray(0, MOST_OCTETS) };
}

/** vitest takes annotations while a test runs, and a test that has failed is still running its hooks and fixtures. */
function annotateFailed({ task, annotate }: Reporter, { text, contentType, body }: Attachment): Promise<unknown> {
  const { result } = task;
  if (result === undefined) return annotate(text, 'mail', { contentType, body });
  const { state } = result;
  result.state = 'run';
  try {
    // It looks at the state before it returns.
    return annotate(text, 'mail', { contentType, body });
  } finally {
    result.state = state;
  }
}
