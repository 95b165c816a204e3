// The packages with every version of every runner, of Node and of TypeScript that they support, installed from their tarballs.
// `--write` keeps the result in docs/compatibility.md.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentOf, writeDocument } from './compatibility/document.mjs';
import { installCompilers, installNodes } from './compatibility/installation.mjs';
import { installed } from './compatibility/installed.mjs';
import { runTests } from './compatibility/tests.mjs';
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
  { runner: 'jest', asked: '29.0.0' },
  { runner: 'jest', asked: '^29.0.0' },
  { runner: 'jest', asked: '^30.0.0' },
  { runner: 'playwright', asked: '1.48.0' },
  { runner: 'playwright', asked: '~1.59.0' },
  { runner: 'playwright', asked: '^1.61.1' },
  { runner: 'node', asked: '' },
]);

/** What of a runner has the runner's version. */
const PARTS = /** @type {const} */ ({
  vitest: ['vitest'],
  jest: ['jest', '@jest/globals', 'expect'],
  playwright: ['@playwright/test'],
  node: [],
});

/** What comes with a runner, and is to be as old as it is. */
const COMPANIONS = /** @type {const} */ ({ jest: ['@jest/expect', 'expect'] });

const directory = mkdtempSync(join(tmpdir(), 'mailrig-compatibility-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

if ((await suite('build', 'node', ['scripts/build.mjs'])) && (await pack())) {
  const compilers = await installCompilers(join(directory, 'typescript'));
  const nodes = await installNodes(join(directory, 'node'));
  /** @type {Row[]} */
  const rows = [];
  for (const { runner, asked } of RUNNERS) rows.push(await judge(runner, asked, { compilers, nodes }));
  if (rows.some(({ types }) => types.some(({ ours }) => ours))) process.exitCode = 1;
  console.log(`\n${documentOf(rows)}`);
  if (process.argv.includes('--write')) writeDocument(rows);
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

/**
 * @param {import('./consumer.mjs').Runner} runner
 * @param {string} asked
 * @param {{ compilers: readonly import('./compatibility/installation.mjs').Installed[], nodes: readonly import('./compatibility/installation.mjs').Installed[] }} tools
 * @returns {Promise<Row>}
 */
async function judge(runner, asked, { compilers, nodes }) {
  const started = performance.now();
  const name = `${runner} ${asked}`.trim();
  const cwd = mkdtempSync(join(directory, `${runner}-`));
  const versions = Object.fromEntries(PARTS[runner].map((part) => [part, asked]));
  layOutConsumer(runner, { cwd, tarballs: directory }, versions);
  if (runner in COMPANIONS && /^\d/.test(asked)) {
    const companions = COMPANIONS.jest.map((part) => `  '${part}': ${asked}\n`);
    appendFileSync(join(cwd, 'pnpm-workspace.yaml'), companions.join(''));
  }
  const ready = await suite(`${name}: install`, 'pnpm', ['install', '--prefer-offline'], { cwd, quiet: true });
  if (!ready) throw new Error(`${name} can not be installed, and the matrix is whole or not at all`);

  /** @type {Row['runs'][number][]} */
  const runs = [];
  for (const node of nodes) runs.push({ node: node.version, ...(await runTests(runner, { name, cwd, node })) });

  /** @type {Row['types'][number][]} */
  const types = [];
  for (const compiler of compilers) {
    types.push({ typescript: compiler.version, ...(await judgeTypes(runner, { cwd, compiler: compiler.directory })) });
  }
  const compiled = types.filter(({ errors }) => errors.length === 0).length;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`  ${name}: ${compiled} of ${compilers.length} versions of TypeScript compile it; ${seconds} s in all`);
  return { ...installed(runner, cwd), runs, types };
}
