// The packages with every version of every runner and of TypeScript that they support, installed from their tarballs.
// `--write` keeps the result in docs/compatibility.md, in the section of the Node that ran this.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sectionOf, writeSection } from './compatibility/document.mjs';
import { installed, versionOf } from './compatibility/installed.mjs';
import { judgeTypes } from './compatibility/types.mjs';
import { layOutConsumer } from './consumer.mjs';
import { suite } from './suite.mjs';
import { packages, tarballName } from './workspace.mjs';

/** @typedef {import('./compatibility/document.mjs').Row} Row */

/** Every major, and the oldest versions that `peerDependencies` allow. */
const RUNNERS = /** @type {const} */ ([
  { runner: 'vitest', asked: '3.2.0' },
  { runner: 'vitest', asked: '^3.2.0' },
  { runner: 'vitest', asked: '^4.0.0' },
  { runner: 'vitest', asked: '^5.0.0' },
  { runner: 'jest', asked: '^29.0.0' },
  { runner: 'jest', asked: '^30.0.0' },
  { runner: 'node', asked: process.version },
]);

/** The oldest is the first that knows `await using`. */
const TYPESCRIPTS = ['~5.2.0', '~5.4.0', '^5.9.0', '^6.0.0', '^7.0.0'];

/** What of a runner has the runner's version. */
const PARTS = /** @type {const} */ ({ vitest: ['vitest'], jest: ['jest', '@jest/globals', 'expect'], node: [] });

const JEST = 'node_modules/jest/bin/jest.js';

/**
 * What Node is given to run the tests of a consumer, by the modules that these are.
 *
 * @type {Record<import('./consumer.mjs').Runner, Partial<Record<import('./compatibility/document.mjs').Format, readonly string[]>>>}
 */
const TESTS = {
  // vitest can't be required.
  vitest: { esm: ['node_modules/vitest/vitest.mjs', 'run'] },
  jest: { esm: ['--experimental-vm-modules', JEST, '--testMatch', '**/*.test.mjs'], cjs: [JEST] },
  node: { esm: ['--test', 'welcome-mail.test.js'], cjs: ['--test', 'common.test.cjs'] },
};

const directory = mkdtempSync(join(tmpdir(), 'mailrig-compatibility-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

if ((await suite('build', 'node', ['scripts/build.mjs'])) && (await pack())) {
  const compilers = await installCompilers();
  /** @type {Row[]} */
  const rows = [];
  for (const { runner, asked } of RUNNERS) rows.push(await judge(runner, asked, compilers));
  if (rows.some(({ types }) => types.some(({ ours }) => ours))) process.exitCode = 1;
  console.log(`\n${sectionOf(rows)}`);
  if (process.argv.includes('--write')) writeSection(rows);
}

async function pack() {
  const packed = packages.map((package_) =>
    suite(`pack ${package_.manifest.name}`, 'pnpm', ['pack', '--out', join(directory, tarballName(package_))], {
      cwd: package_.directory,
      quiet: true,
    }),
  );
  return (await Promise.all(packed)).every(Boolean);
}

/** @returns {Promise<readonly string[]>} Where they are, the oldest first. */
async function installCompilers() {
  const cwd = join(directory, 'typescript');
  const devDependencies = Object.fromEntries(
    TYPESCRIPTS.map((asked, index) => [`${index}`, `npm:typescript@${asked}`]),
  );
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, devDependencies }));
  writeFileSync(join(cwd, 'pnpm-workspace.yaml'), 'packages: [.]\n');
  await suite('install TypeScript', 'pnpm', ['install', '--prefer-offline'], { cwd, quiet: true });
  return TYPESCRIPTS.map((_, index) => join(cwd, 'node_modules', `${index}`));
}

/**
 * @param {import('./consumer.mjs').Runner} runner
 * @param {string} asked
 * @param {readonly string[]} compilers
 * @returns {Promise<Row>}
 */
async function judge(runner, asked, compilers) {
  const started = performance.now();
  const name = `${runner} ${asked}`;
  const cwd = mkdtempSync(join(directory, `${runner}-`));
  const versions = Object.fromEntries(PARTS[runner].map((part) => [part, asked]));
  layOutConsumer(runner, { cwd, tarballs: directory }, versions);
  const ready = await suite(`${name}: install`, 'pnpm', ['install', '--prefer-offline'], { cwd, quiet: true });
  if (!ready) throw new Error(`${name} can not be installed, and the matrix is whole or not at all`);

  /** @type {Row['tests']} */
  const tests = {};
  for (const format of /** @type {const} */ (['esm', 'cjs'])) {
    const args = TESTS[runner][format];
    if (args) tests[format] = await suite(`${name}: tests, ${format}`, process.execPath, args, { cwd, quiet: true });
  }

  /** @type {Row['types']} */
  const types = [];
  for (const compiler of compilers) {
    types.push({ typescript: versionOf(compiler), ...(await judgeTypes(runner, { cwd, compiler })) });
  }
  const compiled = types.filter(({ errors }) => errors.length === 0).length;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`  ${name}: ${compiled} of ${compilers.length} versions of TypeScript compile it; ${seconds} s in all`);
  return { ...installed(runner, cwd), tests, types };
}
