import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rejectRecipient, startTestSmtp, type TestSmtp } from '@mailrig/vitest';
import { expect, onTestFinished, test } from 'vitest';

const AGENT = fileURLToPath(new URL('../dist/deliver.js', import.meta.url));
const [ann, bob, eve] = ['ann@example.com', 'bob@example.com', 'eve@example.com'] as const;
const content = 'From: list@example.com\r\nSubject: News\r\n\r\nFirst line\r\n.\r\n..and a last one\r\n';

test('three recipients, three outcomes; the delayed one is delivered by the next pass', async () => {
  await using mail = await startTestSmtp({ protocol: 'lmtp', auth: false });
  const spool = await newSpool([ann, bob, eve]);
  mail.inject({ at: 'end-of-data', when: { to: bob }, reply: '452 4.2.2 Mailbox full', times: 1 });
  mail.inject(rejectRecipient(eve, { reply: '550 5.1.1 No such user' }));

  expect(await deliver(mail, spool)).toEqual([
    `news ${ann} delivered`,
    `news ${bob} delayed (452 4.2.2 Mailbox full)`,
    `news ${eve} failed (550 5.1.1 No such user)`,
  ]);

  const [first] = mail.sessions;
  expect(first).toHaveNegotiatedTls({ via: 'starttls', advertised: true });
  expect(first).toHaveRecipientOutcome(ann, 'delivered');
  expect(first).toHaveRecipientOutcome(bob, 'delayed');
  expect(first).toHaveRecipientOutcome(bob, '452 4.2.2');
  expect(first).toHaveRecipientOutcome(eve, 'failed');
  expect(mail.messages[0]?.raw.toString()).toBe(content);
  expect(await spool.json('news.json')).toEqual({
    from: 'list@example.com',
    recipients: [{ address: bob, attempts: 1 }],
  });
  expect(await spool.json('bounces.jsonl')).toEqual({
    id: 'news',
    to: 'list@example.com',
    recipient: eve,
    reason: '550 5.1.1 No such user',
  });

  expect(await deliver(mail, spool)).toEqual([`news ${bob} delivered`]);

  expect(mail.sessions[1]).toHaveEnvelope({ from: 'list@example.com', to: [bob] });
  expect(mail.sessions[1]).toHaveRecipientOutcome(bob, 'delivered');
  expect(await readdir(spool.folder)).toEqual(['bounces.jsonl']);
});

test('a server without the STARTTLS that is demanded delays the mail', async () => {
  await using mail = await startTestSmtp({
    protocol: 'lmtp',
    auth: false,
    tls: { mode: 'starttls', starttls: 'stripped' },
  });
  const spool = await newSpool([ann]);

  expect(await deliver(mail, spool)).toEqual([expect.stringContaining(`news ${ann} delayed (502`)]);

  await expect(mail).not.toReceiveMessage();
  expect(await spool.json('news.json')).toMatchObject({ recipients: [{ address: ann, attempts: 1 }] });
});

interface TestSpool {
  readonly folder: string;
  json(name: string): Promise<unknown>;
}

/** A spool with one mail, removed with the test. */
const newSpool = async (addresses: readonly string[]): Promise<TestSpool> => {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const recipients = addresses.map((address) => ({ address, attempts: 0 }));
  await writeFile(join(folder, 'news.json'), JSON.stringify({ from: 'list@example.com', recipients }));
  await writeFile(join(folder, 'news.eml'), content);
  return { folder, json: async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) };
};

/** Runs the compiled agent once over the spool: its report, line by line. */
const deliver = async (mail: TestSmtp, spool: TestSpool): Promise<string[]> => {
  const env = { ...process.env, ...mail.env({ prefix: 'LMTP_' }) };
  const { stdout } = await promisify(execFile)(process.execPath, [AGENT, spool.folder], { env });
  return stdout.trimEnd().split('\n');
};
