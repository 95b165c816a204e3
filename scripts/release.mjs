// Releases all packages under one version: `--version 1.2.3` writes it down, without it what is committed is tested and published.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readiness, withRelease } from './release/readiness.mjs';
import { packages, root, run } from './workspace.mjs';

const CHANGELOG = `${root}CHANGELOG.md`;

const { values: options } = parseArgs({
  options: {
    'dry-run': { type: 'boolean', default: false },
    'skip-tests': { type: 'boolean', default: false },
    version: { type: 'string' },
  },
});

if (options.version === undefined) await release();
else prepare(options.version);

/** @param {string} version */
function prepare(version) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`--version must be like 1.2.3: ${version}`);
  const today = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
  writeFileSync(CHANGELOG, withRelease(readFileSync(CHANGELOG, 'utf8'), version, today));
  for (const { directory } of packages) {
    const path = `${directory}package.json`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^(  "version": )".*"/m, `$1"${version}"`));
  }
  console.log(`All packages are ${version}, and so is what was unreleased in CHANGELOG.md. Commit it, then release.`);
}

async function release() {
  if (options['skip-tests'] && !options['dry-run']) throw new Error('--skip-tests goes with --dry-run only');
  const ready = isReady();
  // A rehearsal goes on, to show all that is amiss.
  if (!ready && !options['dry-run']) return;
  if (!(await isGreen())) return;
  await publish();
}

/** Prints each condition, and whether it is met. */
function isReady() {
  const conditions = readiness({
    manifests: packages.map(({ manifest }) => manifest),
    changelog: readFileSync(CHANGELOG, 'utf8'),
    changes: execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }),
  });
  console.log('\n▸ ready to be released');
  for (const { name, problem, later } of conditions) {
    const waits = later === true && options['dry-run'];
    if (problem === null) console.log(`  ✓ ${name}`);
    else console.log(`  ${waits ? '… before the release:' : '✗'} ${name}\n    ${problem.replaceAll('\n', '\n    ')}`);
    if (problem !== null && !waits) process.exitCode = 1;
  }
  return process.exitCode === undefined;
}

async function isGreen() {
  if (options['skip-tests']) console.log('\n▸ tests and tarballs: skipped');
  const scripts = options['skip-tests'] ? ['build.mjs'] : ['test.mjs', 'pack-check.mjs'];
  for (const script of scripts) {
    const { ok } = await run('node', [`scripts/${script}`], { timeout: 0 });
    if (ok) continue;
    process.exitCode = 1;
    return false;
  }
  return true;
}

/** Publishes in the order of the dependencies, or says what would be published. */
async function publish() {
  console.log(options['dry-run'] ? '\n▸ would be published' : '\n▸ publish');
  // pnpm wants a main branch that is clean and up to date; a rehearsal is also for others.
  const rehearsal = options['dry-run'] ? ['--dry-run', '--no-git-checks'] : [];
  const args = ['publish', '--recursive', '--access', 'public', '--provenance', ...rehearsal];
  const { ok, output } = await run('pnpm', args, { quiet: options['dry-run'] });
  if (!ok) process.exitCode = 1;
  console.log(ok ? summaryOf(output) : output);
}

/**
 * Of what npm says about each tarball, what is of use here: not the list of its files, which a test holds.
 *
 * @param {string} output
 */
function summaryOf(output) {
  const lines = output
    .split('\n')
    .filter((line) => /^\+ |(package size|unpacked size|total files|Publishing):? /.test(line));
  return lines.map((line) => `  ${line.replace(/^npm notice /, '').replace(/ to \S+/, '')}`).join('\n');
}
