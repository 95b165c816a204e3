// curl as a client: each mail has a process of its own, whose exit code and last words are all that it tells.
import { runProgram } from '../../packages/fixture/src/testing/programs.ts';
import { RECIPIENTS, SENDER, type Client, type Job, type Program, type Told } from './client.ts';

export function curl(name: string, ...options: readonly string[]): Client {
  return { name, program: CURL, send: (job) => send(job, options) };
}

async function send({ mail, content, patience }: Job, options: readonly string[]): Promise<Told> {
  const { user, pass } = mail.connection.auth!;
  // Its limit is that of all that it does.
  const limit = 2 * patience;
  const how = ['--silent', '--show-error', '--max-time', `${limit / 1000}`, '--user', `${user}:${pass}`, ...options];
  const envelope = ['--mail-from', SENDER, ...RECIPIENTS.flatMap((recipient) => ['--mail-rcpt', recipient])];
  // Whoever runs it may have a .curlrc, which curl finds without HOME too.
  const args = ['--disable', ...how, ...envelope, '--upload-file', content, '--url', mail.url];
  const { code, stderr } = await runProgram('curl', args, mail.env(), 3 * limit);
  if (code === null) return { accepted: [], words: 'killed long after --max-time' };
  if (code === 0) return { accepted: RECIPIENTS, words: '' };
  const [, reply] = /\b([2-5]\d\d)$/.exec(stderr.trim()) ?? [];
  return { accepted: [], words: [`exit ${code}`, ...(reply === undefined ? [] : [reply])].join(', ') };
}

export const CURL: Program = {
  name: 'curl',
  isPinned: false,
  async version() {
    const { stdout } = await runProgram('curl', ['--version']);
    return /^curl (\S+)/.exec(stdout)?.[1] ?? null;
  },
};
