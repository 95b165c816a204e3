// How the mails of a failed test come to its report.
import type { RecordedSession } from '@mailrig/fixture';
import { mailReport } from '@mailrig/fixture/runner';
import type { TestInfo } from '@playwright/test';

/** Attaches a transcript for each session, and the octets of each message. */
export async function attachMail(
  testInfo: Pick<TestInfo, 'attach'>,
  sessions: readonly RecordedSession[],
): Promise<void> {
  for (const { name, contentType, body } of mailReport(sessions)) {
    await testInfo.attach(`${name}${EXTENSIONS[contentType]}`, { contentType, body });
  }
}

/**
 * The HTML report writes what is no text to a file, whose extension is whatever follows the last dot of the name: else a dot in a subject
 * would make it a long one, or one that no file can have. A text is shown in the report itself.
 */
const EXTENSIONS = { 'text/plain': '', 'message/rfc822': '.eml' } as const;
