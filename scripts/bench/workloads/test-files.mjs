// vitest with many test files, each of which starts a server, gets one mail and stops it: what a suite feels.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, run } from '../../workspace.mjs';
import { PAUSED } from '../workload.mjs';

/** @typedef {{ name: string, source: string }} Suite */

const mail = `{ from: 'ann@example.com', to: 'bob@example.org', subject: 'Hello', text: 'Hello' }`;

/** @type {readonly Suite[]} */
const SUITES = [
  { name: 'no server', source: `test('nothing', () => expect(createTransport).toBeDefined());` },
  {
    name: 'fixture',
    source: `
      import { startTestSmtp } from '@mailrig/fixture';
      test('a mail arrives, over verified TLS', async () => {
        const mail = await startTestSmtp();
        await createTransport(mail.connection).sendMail(${mail});
        expect((await mail.waitForMessage()).subject).toBe('Hello');
        await mail.stop();
      });`,
  },
  {
    name: '@mailrig/vitest',
    source: `
      import { startTestSmtp } from '@mailrig/vitest';
      test('a mail arrives, over verified TLS', async () => {
        const mail = await startTestSmtp();
        await createTransport(mail.connection).sendMail(${mail});
        await expect(mail).toReceiveMessage({ subject: 'Hello' });
        await mail.stop();
      });`,
  },
  {
    name: 'smtp-tester',
    source: `
      import { once } from 'node:events';
      import { init } from 'smtp-tester';
      test('a mail arrives, in clear text', async () => {
        const tester = init(0);
        const { server } = tester.smtpServer;
        if (!server.listening) await once(server, 'listening');
        const transport = createTransport({ host: '127.0.0.1', port: server.address().port, ignoreTLS: true });
        const [{ email }] = await Promise.all([tester.captureOne('bob@example.org'), transport.sendMail(${mail})]);
        expect(email.headers.subject).toBe('Hello');
        await new Promise((stopped) => tester.stop(stopped));
      });`,
  },
];

/** @type {import('../workload.mjs').Workload} */
export const testFiles = {
  name: 'test-files',
  title: `vitest: 50 files (10 with --quick) that each start a server and get one mail ${PAUSED}`,
  async run({ quick, peers }) {
    const directory = mkdtempSync(join(root, 'node_modules/.cache/mailrig-bench/suite-'));
    try {
      for (const suite of SUITES) layOut(join(directory, suite.name), peers, suite, quick ? 10 : 50);
      const all = SUITES.map(({ name }) => ({
        name,
        seconds: /** @type {number[]} */ ([]),
        test: /** @type {number[]} */ ([]),
      }));
      for (let round = 0; round < (quick ? 1 : 2); round++) {
        for (const { name, seconds, test } of all) {
          const result = await runSuite(join(directory, name));
          seconds.push(result.seconds);
          test.push(result.milliseconds);
        }
      }
      return {
        measures: [
          {
            key: 'seconds',
            unit: 's for the whole run',
            better: 'less',
            series: all.map(({ name, seconds }) => ({ name, values: seconds })),
          },
          {
            key: 'test',
            unit: 'ms for one test, without its imports',
            better: 'less',
            series: all.map(({ name, test }) => ({ name, values: test })),
          },
        ],
      };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

/**
 * A project with so many test files that are all the same.
 *
 * @param {string} directory
 * @param {string} peers
 * @param {Suite} suite
 * @param {number} files
 */
function layOut(directory, peers, { source }, files) {
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, '@mailrig'), { recursive: true });
  const ours = ['vitest', 'nodemailer', '@mailrig/fixture', '@mailrig/vitest'];
  for (const name of ours) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  symlinkSync(join(peers, 'node_modules/smtp-tester'), join(modules, 'smtp-tester'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  // Packages of the workspace are linked from outside of node_modules; those of users are not.
  const config = `export default { test: { server: { deps: { external: [/packages\\/\\w+\\/dist/] } } } };`;
  writeFileSync(join(directory, 'vitest.config.js'), config);
  const text = `import { createTransport } from 'nodemailer';\nimport { expect, test } from 'vitest';\n${source}\n`;
  for (let file = 1; file <= files; file++) writeFileSync(join(directory, `file-${file}.test.js`), text);
}

/** @param {string} cwd */
async function runSuite(cwd) {
  const report = join(cwd, 'report.json');
  const started = performance.now();
  const args = ['run', '--reporter', 'json', '--outputFile', report];
  const { ok, output } = await run(bin('vitest'), args, { cwd, quiet: true });
  const seconds = (performance.now() - started) / 1_000;
  if (!ok) throw new Error(`vitest failed:\n${output}`);
  /** @type {{ testResults: { assertionResults: { duration: number }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const durations = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ duration }) => duration));
  return { seconds, milliseconds: durations.reduce((sum, one) => sum + one, 0) / durations.length };
}
