// What the packages cost their users: sizes, and how long an import takes. Prints a table; times are medians, and no test.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './consumer.mjs';
import { isDual, packages, root, run, tarballName } from './workspace.mjs';

/** @typedef {import('./workspace.mjs').Package} Package */
/** @typedef {'esm' | 'cjs'} Format */

/** How often an import is timed, each time in a process of its own. */
const RUNS = 9;

/** What a runner's package is imported with. Those of vitest and jest are imported by their runner only. */
const RUNNERS = /** @type {Record<string, readonly string[]>} */ ({
  '@mailrig/playwright': ['@playwright/test'],
  '@mailrig/vitest': ['vitest'],
  '@mailrig/jest': ['jest', '@jest/globals', 'expect'],
});

const directory = mkdtempSync(join(tmpdir(), 'mailrig-footprint-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

await must('node', ['scripts/build.mjs'], root);
for (const package_ of packages) await must('pnpm', ['pack', '--out', tarballOf(package_)], package_.directory);

console.log('| package | tarball | unpacked | installed, with its dependencies | `import` | `require` |');
console.log('| --- | --: | --: | --: | --: | --: |');
for (const package_ of packages) console.log(`| ${(await cells(package_)).join(' | ')} |`);

/** @param {Package} package_ */
async function cells(package_) {
  const { name } = package_.manifest;
  const cwd = join(directory, name);
  await install(cwd, name, []);
  const store = join(cwd, 'node_modules/.pnpm');
  const installed = readdirSync(store).filter((entry) => entry.includes('@'));
  const sizes = [
    statSync(tarballOf(package_)).size,
    sizeOf(join(cwd, 'node_modules', name)),
    installed.reduce((sum, entry) => sum + sizeOf(join(store, entry)), 0),
  ].map(kilobytes);
  const runner = RUNNERS[name] ?? [];
  if (runner.length > 0) await install(cwd, name, runner);
  // jest knows `import` behind a flag only, vitest no `require`.
  const esm = name === '@mailrig/jest' ? '–' : await importTime(cwd, name, 'esm');
  const cjs = isDual(package_) ? await importTime(cwd, name, 'cjs') : '–';
  const count = `${installed.length} ${installed.length === 1 ? 'package' : 'packages'}`;
  return [`\`${name}\``, sizes[0], sizes[1], `${sizes[2]}, ${count}`, esm, cjs];
}

/**
 * A project with one of the packages, and without what the package expects there to be.
 *
 * @param {string} cwd
 * @param {string} name
 * @param {readonly string[]} others In the versions of the workspace.
 */
async function install(cwd, name, others) {
  const dependencies = Object.fromEntries([[name, '*'], ...others.map((other) => [other, 'catalog:'])]);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(cwd, 'pnpm-workspace.yaml'), `autoInstallPeers: false\n${settings(directory)}`);
  await must('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], cwd);
}

/**
 * @param {string} cwd
 * @param {string} name
 * @param {Format} format
 */
async function importTime(cwd, name, format) {
  const times = join(cwd, `${format}.times`);
  const [file, command, ...args] = probeOf(name, format);
  const load = format === 'esm' ? `await import('${name}')` : `require('${name}')`;
  const fs = format === 'esm' ? `import fs from 'node:fs'` : `const fs = require('node:fs')`;
  const code = [
    fs,
    'const started = performance.now()',
    load,
    `fs.appendFileSync(${JSON.stringify(times)}, \`\${performance.now() - started}\\n\`)`,
    // A file without a test fails.
    file.includes('.test.') ? `test('is imported', () => {})` : '',
  ];
  writeFileSync(join(cwd, file), code.join(';\n'));
  for (let i = 0; i < RUNS; i++) await must(command, [...args, file], cwd);
  const sorted = readFileSync(times, 'utf8')
    .trim()
    .split('\n')
    .map(Number)
    .sort((a, b) => a - b);
  return `${(sorted[RUNS >> 1] ?? Number.NaN).toFixed(0)} ms`;
}

/**
 * The file that imports, and the command that runs it.
 *
 * @param {string} name
 * @param {Format} format
 * @returns {readonly [file: string, command: string, ...args: string[]]}
 */
function probeOf(name, format) {
  if (name === '@mailrig/vitest') return ['probe.test.mjs', 'node_modules/.bin/vitest', 'run', '--globals'];
  if (name === '@mailrig/jest')
    return ['probe.test.cjs', 'node_modules/.bin/jest', '--testMatch', '**/probe.test.cjs', '--'];
  return [format === 'esm' ? 'probe.mjs' : 'probe.cjs', process.execPath];
}

/**
 * The bytes of the files in a folder; links are not followed.
 *
 * @param {string} folder
 */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(bytes < 100_000 ? 1 : 0)} kB`;
}

/** @param {Package} package_ */
function tarballOf(package_) {
  return join(directory, tarballName(package_));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function must(command, args, cwd) {
  const { ok, output } = await run(command, args, { cwd, quiet: true });
  if (!ok) throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
}
