// The tests of a consumer with one version of Node: whether they pass, and whether one that fails is explained.
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { suite } from '../suite.mjs';
import { run } from '../workspace.mjs';

/** @typedef {import('../consumer.mjs').Runner} Runner */

/** @typedef {'esm' | 'cjs'} Format */

/**
 * @typedef {object} Outcome
 * @property {Partial<Record<Format, boolean>>} tests Whether those of the consumer pass; absent where there can be none.
 * @property {boolean} explained Whether the output of a test that fails says what was asked, expected and received.
 */

const VITEST = 'node_modules/vitest/vitest.mjs';
const JEST = 'node_modules/jest/bin/jest.js';
const PLAYWRIGHT = 'node_modules/@playwright/test/cli.js';

/**
 * What Node is given to run the tests of a consumer, by the modules that these are.
 *
 * @type {Record<Runner, Partial<Record<Format, readonly string[]>>>}
 */
const PASSING = {
  // vitest can't be required.
  vitest: { esm: [VITEST, 'run'] },
  jest: { esm: ['--experimental-vm-modules', JEST, '--testMatch', '**/*.test.mjs'], cjs: [JEST] },
  playwright: { esm: [PLAYWRIGHT, 'test', 'fixtures.spec.ts'], cjs: [PLAYWRIGHT, 'test', 'common.spec.cts'] },
  node: { esm: ['--test', 'welcome-mail.test.js'], cjs: ['--test', 'common.test.cjs'] },
};

/**
 * The same for the test that fails.
 *
 * @type {Record<Runner, readonly string[]>}
 */
const FAILING = {
  vitest: [VITEST, 'run', '--config', 'failing.config.ts'],
  jest: [JEST, '--testMatch', '**/failing.js'],
  playwright: [PLAYWRIGHT, 'test', '--config', 'failing.config.ts'],
  node: ['--test', 'failing.js'],
};

const EXPLANATION = [
  'expect(message).toHaveSubject(pattern)',
  "Expected: { subject: 'Goodbye' }",
  "Received: { subject: 'Welcome' }",
];

/** The reason is in the document. */
const UNEXPLAINED = 'vitest ^5.0.0, Node 20';

/**
 * @param {Runner} runner
 * @param {{ name: string, cwd: string, node: import('./installation.mjs').Installed }} places
 * @returns {Promise<Outcome>}
 */
export async function runTests(runner, { name, cwd, node }) {
  const program = join(node.directory, 'bin/node');
  const title = `${name}, Node ${node.version.split('.')[0]}`;
  /** @type {Outcome['tests']} */
  const tests = {};
  for (const format of /** @type {const} */ (['esm', 'cjs'])) {
    const args = PASSING[runner][format];
    if (args) tests[format] = await suite(`${title}: tests, ${format}`, program, args, { cwd, quiet: true });
  }
  const { ok, output } = await run(program, FAILING[runner], { cwd, quiet: true });
  const text = stripVTControlCharacters(output);
  const explained = !ok && EXPLANATION.every((line) => text.includes(line));
  if (explained === (title === UNEXPLAINED)) {
    console.log(`  ✗ ${title}: a failure is ${explained ? '' : 'not '}explained\n${text}`);
    process.exitCode = 1;
  }
  return { tests, explained };
}
