import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rejectRecipient, startTestSmtp, type TestSmtp } from '@mailrig/vitest';
import { describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../remind.py', import.meta.url));
const ann = { number: '17', name: 'Ann', email: 'ann@example.com', amount: '20 €' };
const bob = { number: '18', name: 'Bob', email: 'bob@example.com', amount: '30 €' };

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('There is no python3 on this machine: the tests of this example are skipped.');

describe.runIf(hasPython)('the reminders', () => {
  test.each(['starttls', 'implicit'] as const)('go out over verified TLS, after the login (%s)', async (mode) => {
    await using mail = await startTestSmtp({ tls: { mode }, auth: { users: { billing: 'secret' }, required: true } });

    expect(await remind(mail, [ann, bob])).toEqual({ code: 0, stdout: '17 sent\n18 sent\n', stderr: '' });

    const message = await mail.waitForMessage({ to: ann.email });
    expect(message).toHaveEnvelope({ from: 'billing@example.com', to: [ann.email] });
    expect(message.subject).toBe('Invoice 17 is overdue');
    expect(message.text).toContain('please pay 20 €');
    expect(mail.messages).toHaveLength(2);
    expect(mail.sessions).toHaveLength(1);
    expect(mail).toHaveNegotiatedTls({ via: mode });
    expect(mail).toHaveAuthAttempt({ username: 'billing', secure: true, accepted: true });
  });

  test('that are refused are told, and keep no other back', async () => {
    await using mail = await startTestSmtp();
    mail.inject(rejectRecipient(ann.email, { reply: '550 5.1.1 No such user' }));

    expect(await remind(mail, [ann, bob])).toEqual({
      code: 1,
      stdout: '17 refused: 550 5.1.1 No such user\n18 sent\n',
      stderr: '',
    });

    expect(mail).toHaveRecipientOutcome(ann.email, 'failed');
    expect(mail).toHaveRecipientOutcome(bob.email, 'delivered');
  });

  test.each([
    ['expired', /certificate has expired/],
    ['wrong-host', /certificate is not valid for '127\.0\.0\.1'/],
    ['untrusted', /unable to get local issuer certificate/],
  ] as const)('stay where they are when the certificate is %s', async (certificate, reason) => {
    await using mail = await startTestSmtp({ tls: { certificate }, auth: { users: { billing: 'secret' } } });

    expect(await remind(mail, [ann])).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(reason) });

    await mail.idle();
    expect(mail.messages).toEqual([]);
    expect(mail).not.toHaveAuthAttempt();
    expect(mail.sessions[0]?.problem).toContain('TLS handshake');
  });

  test('stay where they are when STARTTLS is stripped', async () => {
    await using mail = await startTestSmtp({ tls: { starttls: 'stripped' }, auth: { users: { billing: 'secret' } } });

    expect(await remind(mail, [ann])).toMatchObject({ code: 1, stderr: expect.stringContaining('STARTTLS') });

    await mail.idle();
    expect(mail.sessions).toMatchObject([{ tls: null, transactions: [] }]);
    expect(mail).not.toHaveAuthAttempt();
  });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script with these invoices. */
const remind = async (mail: TestSmtp, invoices: readonly object[]): Promise<Outcome> => {
  const env = { ...process.env, PYTHONIOENCODING: 'utf-8', ...mail.env() };
  const script = spawn('python3', [SCRIPT], { env, timeout: 20_000 });
  script.stdin.end(JSON.stringify(invoices));
  const [[code], stdout, stderr] = await Promise.all([once(script, 'close'), text(script.stdout), text(script.stderr)]);
  return { code: code as number | null, stdout, stderr };
};
