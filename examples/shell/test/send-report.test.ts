import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rejectRecipient, startTestSmtp, type TestSmtp } from '@mailrig/vitest';
import { describe, expect, onTestFinished, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../send-report.sh', import.meta.url));
const [ann, bob] = ['ann@example.com', 'bob@example.com'] as const;

const missing = ['sh', 'curl'].filter((program) => spawnSync(program, { input: '' }).error !== undefined);
if (missing.length > 0)
  console.warn(`${missing.join(', ')} not on this machine: the tests of this example are skipped.`);

describe.runIf(missing.length === 0)('the report', () => {
  test.each(['starttls', 'implicit'] as const)('goes out over verified TLS, after the login (%s)', async (mode) => {
    const password = String.raw`"quoted" \ and $HOME`;
    await using mail = await startTestSmtp({ tls: { mode }, auth: { users: { reports: password }, required: true } });

    expect(await send(mail, [ann, bob])).toEqual({ code: 0, lines: [`${ann}: sent`, `${bob}: sent`] });

    const message = await mail.waitForMessage({ to: ann });
    expect(message).toHaveEnvelope({ from: 'reports@example.com', to: [ann] });
    expect(message.subject).toBe('Report nightly.log');
    expect(message.raw.toString()).toMatch(/\r\n\r\nBackup: 12 files\r\n\.\r\n\.\.and that was all\r\n$/);
    expect(mail.messages).toHaveLength(2);
    expect(mail).toHaveNegotiatedTls({ via: mode });
    expect(mail).toHaveAuthAttempt({ username: 'reports', secure: true, accepted: true });
  });

  test('that a recipient is refused keeps it from no other', async () => {
    await using mail = await startTestSmtp();
    mail.inject(rejectRecipient(ann, { reply: '550 5.1.1 No such user' }));

    expect(await send(mail, [ann, bob])).toEqual({
      code: 1,
      lines: [expect.stringMatching(`^${ann}: not sent: .*550`), `${bob}: sent`],
    });

    expect(mail).toHaveRecipientOutcome(ann, 'failed');
    expect(mail).toHaveRecipientOutcome(bob, 'delivered');
  });

  test.each([['expired'], ['wrong-host'], ['self-signed']] as const)(
    'stays where it is when the certificate is %s',
    async (certificate) => {
      await using mail = await startTestSmtp({ tls: { certificate }, auth: { users: { reports: 'secret' } } });

      expect(await send(mail, [ann])).toEqual({ code: 1, lines: [expect.stringMatching(/not sent: .*certificate/i)] });

      await mail.idle();
      expect(mail.messages).toEqual([]);
      expect(mail).not.toHaveAuthAttempt();
    },
  );

  test('stays where it is when STARTTLS is stripped', async () => {
    await using mail = await startTestSmtp({ tls: { starttls: 'stripped' }, auth: { users: { reports: 'secret' } } });

    expect(await send(mail, [ann])).toMatchObject({ code: 1, lines: [expect.stringContaining(`${ann}: not sent: `)] });

    await mail.idle();
    expect(mail.sessions).toMatchObject([{ tls: null, transactions: [] }]);
    expect(mail).not.toHaveAuthAttempt();
  });
});

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly lines: readonly string[];
}

/** Runs the script with a report for these recipients. */
const send = async (mail: TestSmtp, recipients: readonly string[]): Promise<Outcome> => {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const report = join(folder, 'nightly.log');
  await writeFile(report, 'Backup: 12 files\n.\n..and that was all\n');
  const options = { env: { ...process.env, ...mail.env() }, timeout: 30_000 };
  return new Promise((resolve) => {
    execFile('sh', [SCRIPT, report, ...recipients], options, (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, lines: stdout.trimEnd().split('\n') }),
    );
  });
};
