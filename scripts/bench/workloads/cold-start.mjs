// Fresh processes that import a test server, start it, send it one mail by a client that has sent one elsewhere, and stop it; and
// what the same costs later.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { startServer } from '../contestants/server.mjs';
import { PAUSED } from '../workload.mjs';

/** Milliseconds for a process. */
const TIME_LIMIT = 60_000;

const PROBE = fileURLToPath(new URL('../probes/cold-start.mjs', import.meta.url));

const NAMES = ['fixture, no TLS', 'fixture, STARTTLS', 'smtp-server', 'smtp-tester', 'maildev'];

/** What a probe prints, and what it is called here, in ms. */
const STEPS = /** @type {const} */ ({
  total: 'import + first start + first mail + stop',
  import: 'import',
  start: 'first start',
  mail: 'first mail',
  stop: 'stop',
  nextStart: 'next start in the process',
  sendMail: "nodemailer's sendMail over a new connection",
  stopIdle: 'stop with an idle client, given up after 500',
  stopData: 'stop with a client in mid-DATA, given up after 500',
});

/** @type {import('../workload.mjs').Workload} */
export const coldStart = {
  name: 'cold-start',
  title: `A test server in a fresh process ${PAUSED}`,
  async run({ quick, peers, certificate }) {
    const results = NAMES.map((name) => ({ name, runs: /** @type {Record<string, number>[]} */ ([]) }));
    const warmUp = await startServer('Listener', { peers, tls: certificate });
    const settings = [peers, String(warmUp.port), certificate.cert];
    try {
      for (let round = 0; round < (quick ? 1 : 9); round++) {
        for (const { name, runs } of results) {
          const args = ['--no-warnings', PROBE, name, ...settings];
          const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIME_LIMIT });
          runs.push(JSON.parse(stdout));
        }
      }
    } finally {
      await warmUp.stop();
    }
    return {
      measures: Object.entries(STEPS).map(([key, what]) => ({
        key,
        unit: `ms, ${what}`,
        better: 'less',
        series: results.map(({ name, runs }) => ({ name, values: runs.map((run) => run[key] ?? Number.NaN) })),
      })),
    };
  },
};
