// Real clients and real mail servers, of Debian and of npm, against fixtures; and the examples that need a browser or a
// queue. Installs what they need where it may, and skips aloud what can't be had.
import { provide } from './debian.mjs';
import { suite } from './suite.mjs';
import { bin, root } from './workspace.mjs';

await provide({
  'chromium-headless-shell': 'chromium-headless-shell',
  curl: 'curl',
  msmtp: 'msmtp',
  openssl: 'openssl',
  // Its client learns mechanisms from plug-ins.
  postfix: 'postfix libsasl2-modules',
  python3: 'python3',
  'redis-server': 'redis-server',
  // Without it swaks speaks no TLS.
  swaks: 'swaks libnet-ssleay-perl',
});

if (await suite('build', 'node', ['scripts/build.mjs'])) {
  await suite('interop', bin('vitest'), ['run', '--root', `${root}packages/fixture/interop`], { runner: 'vitest' });
  await suite('example queue', bin('vitest'), ['run'], { runner: 'vitest', cwd: `${root}examples/queue` });
  await suite('example playwright', bin('playwright'), ['test'], { cwd: `${root}examples/playwright` });
}
