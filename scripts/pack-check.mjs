// The packages as their users get them: packed, judged by publint and attw, installed into projects outside the workspace.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutConsumer, layOutNpmConsumer } from './consumer.mjs';
import { suite } from './suite.mjs';
import { bin, isDual, packages, root, tarballName } from './workspace.mjs';

const TEST_COMMANDS = /** @type {const} */ ({
  vitest: ['vitest', 'run'],
  jest: ['jest'],
  playwright: ['playwright', 'test'],
  node: ['node', '--test'],
});

const directory = mkdtempSync(join(tmpdir(), 'mailrig-packages-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

if (await suite('build', 'node', ['scripts/build.mjs'])) {
  console.log('\n▸ tarballs');
  await Promise.all(packages.map(judge));
  if (!process.exitCode) {
    process.env.MAILRIG_TARBALLS = directory;
    await suite('tarballs', bin('vitest'), ['run', '--root', `${root}scripts/tarballs`], { runner: 'vitest' });
    await consume('vitest');
    await consume('jest');
    await consume('playwright');
    await consume('node');
    await consumeByNpm('npm', []);
    await consumeByNpm('npm after mailauth', ['mailauth']);
  }
}

/** @param {import('./workspace.mjs').Package} package_ */
async function judge(package_) {
  const { name } = package_.manifest;
  const tarball = tarballOf(package_);
  const packed = await suite(`pack ${name}`, 'pnpm', ['pack', '--out', tarball], {
    cwd: package_.directory,
    quiet: true,
  });
  if (!packed) return;
  const profile = isDual(package_) ? 'strict' : 'esm-only';
  await suite(`publint ${name}`, bin('publint'), ['run', '--strict', tarball], { quiet: true });
  await suite(`attw ${name}`, bin('attw'), ['--no-emoji', '--profile', profile, tarball], { quiet: true });
}

/**
 * A project that has installed the tarballs: its types resolve, and its tests pass.
 *
 * @param {keyof typeof TEST_COMMANDS} runner
 */
async function consume(runner) {
  const cwd = join(directory, runner);
  const installed = (/** @type {string} */ name) => join(cwd, 'node_modules/.bin', name);
  layOutConsumer(runner, { cwd, tarballs: directory });

  const name = `consumer ${runner}`;
  if (!(await suite(`${name}: install`, 'pnpm', ['install', '--prefer-offline'], { cwd, quiet: true }))) return;
  await suite(`${name}: types`, installed('tsc'), ['--project', '.'], { cwd, quiet: true });
  const [command, ...args] = TEST_COMMANDS[runner];
  const program = command === 'node' ? command : installed(command);
  // What vitest and jest report is counted: the run of another runner is one check.
  const report = runner === 'vitest' || runner === 'jest' ? { runner } : { quiet: true };
  await suite(`${name}: tests`, program, args, { cwd, ...report });
}

/**
 * A project of npm, which places what pnpm keeps apart: there a dependency may meet another's versions.
 *
 * @param {string} kind
 * @param {string[]} first The packages that were installed before ours, and keep their places.
 */
async function consumeByNpm(kind, first) {
  const cwd = join(directory, kind);
  const name = `consumer ${kind}`;
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
  for (const only of first.length === 0 ? [undefined] : [first, undefined]) {
    layOutNpmConsumer({ cwd, tarballs: directory }, only);
    if (!(await suite(`${name}: install ${only?.join(' ') ?? 'all'}`, 'npm', install, { cwd, quiet: true }))) return;
  }
  await suite(`${name}: tests`, join(cwd, 'node_modules/.bin/vitest'), ['run'], { cwd, runner: 'vitest' });
}

/** @param {import('./workspace.mjs').Package} package_ */
function tarballOf(package_) {
  return join(directory, tarballName(package_));
}
