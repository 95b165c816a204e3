// Runs a suite of tests or a single check, and adds up how many passed, by what the runners themselves report.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './workspace.mjs';

/**
 * @typedef {object} Report What vitest and jest both write.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults By file.
 */

/** @typedef {{ passed: number, failed: number }} Counts */

// Who wants one sum of several commands names a folder for the counts, and prints it; else each command does so.
const folder = process.env.MAILRIG_REPORTS ?? mkdtempSync(join(tmpdir(), 'mailrig-reports-'));
if (process.env.MAILRIG_REPORTS === undefined) {
  process.on('exit', () => {
    console.log(`\n${failures()}${tally()}`);
    rmSync(folder, { recursive: true, force: true });
  });
}

/**
 * Runs one suite, whose failure makes this process fail in the end.
 *
 * @param {string} name Its own among all suites.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {'vitest' | 'jest'} [options.runner] Whose report to count; without one the command is a single check.
 * @param {string} [options.cwd]
 * @param {boolean} [options.quiet] Shows the output only when it fails.
 * @returns {Promise<boolean>} Whether it passed.
 */
export async function suite(name, command, args, { runner, cwd, quiet } = {}) {
  const file = join(folder, name.replaceAll(/\W+/g, '-'));
  const report = `${file}.report`;
  if (!quiet) console.log(`\n▸ ${name}`);
  const { ok, output } = await run(command, [...args, ...reporting(runner, report)], { cwd, quiet });
  if (quiet) console.log(ok ? `  ✓ ${name}` : `  ✗ ${name}\n${output}`);
  const { passed, failed } = existsSync(report) ? counts(report) : { passed: Number(ok), failed: Number(!ok) };
  // A runner may fail although no test did: by an error between them, say.
  writeFileSync(`${file}.json`, JSON.stringify({ name, passed, failed: ok ? failed : Math.max(failed, 1) }));
  if (!ok) process.exitCode = 1;
  return ok;
}

/** `12 passed, 0 failed`: every suite that has run. */
export function tally() {
  const sum = { passed: 0, failed: 0 };
  for (const { passed, failed } of results()) {
    sum.passed += passed;
    sum.failed += failed;
  }
  return `${sum.passed} passed, ${sum.failed} failed`;
}

/** A line for each suite that failed. */
export function failures() {
  return results()
    .filter(({ failed }) => failed > 0)
    .map(({ name }) => `✗ ${name}\n`)
    .join('');
}

/** @returns {readonly (Counts & { name: string })[]} */
function results() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

/**
 * The arguments that make a runner report.
 *
 * @param {'vitest' | 'jest' | undefined} runner
 * @param {string} report
 */
function reporting(runner, report) {
  if (runner === 'vitest') return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  if (runner === 'jest') return ['--json', `--outputFile=${report}`];
  return [];
}

/**
 * @param {string} report
 * @returns {Counts} A file that failed before it came to its tests counts as one.
 */
function counts(report) {
  /** @type {Report} */
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}
