// How a failed test comes to its report.
import type { RecordedSession } from '@mailrig/fixture';
import { mailReport, type MailAttachment } from '@mailrig/fixture/runner';
import type { TestContext } from 'vitest';

/**
 * Attaches a transcript for each session, and the octets of each message. What can't be attached is left out: the test has failed for
 * another reason.
 */
export async function reportMail(context: Reporter, sessions: readonly RecordedSession[]): Promise<void> {
  await Promise.allSettled(mailReport(sessions).map((attachment) => annotateFailed(context, attachment)));
}

/** The part of a test's context that reports. */
export type Reporter = Pick<TestContext, 'annotate' | 'task'>;

/** vitest takes annotations while a test runs, and a test that has failed is still running its hooks and fixtures. */
function annotateFailed({ task, annotate }: Reporter, attachment: MailAttachment): Promise<unknown> {
  const { name, excerpt, contentType, body } = attachment;
  const text = [name, ...excerpt.map((line) => `       ${line}`)].join('\n');
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
