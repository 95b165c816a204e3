// Whether the matchers' tests see it when a condition of the matchers is turned round, each once: `mutate [file …]`, for example
// `mutate claim.ts`. Without a file all are turned round, in about ten minutes.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { EQUIVALENT } from './mutate/equivalent.mjs';
import { survivorsOf } from './mutate/survivors.mjs';
import { root, run } from './workspace.mjs';

const SOURCES = 'packages/matchers/src';

/** The last version for Node 20. It is installed where it is needed: nothing else here needs its two hundred packages. */
const STRYKER = '9.6.1';

/** In milliseconds. */
const TIME_LIMIT = 3_600_000;

/** What else it mutates, which is no condition. */
const NO_CONDITIONS = [
  'ArithmeticOperator',
  'ArrayDeclaration',
  'ArrowFunction',
  'AssignmentOperator',
  'BlockStatement',
  'ObjectLiteral',
  'Regex',
  'StringLiteral',
  'UnaryOperator',
  'UpdateOperator',
];

const files = process.argv.slice(2).map((file) => `${SOURCES}/${basename(file)}`);
const missing = files.filter((file) => !existsSync(`${root}${file}`));
if (missing.length > 0) throw new Error(`There is no ${missing.join(', ')}.`);

const copy = mkdtempSync(join(tmpdir(), 'mailrig-mutate-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(1));

copyWorkspace();
await mutate();
report();

/** Stryker writes beside the sources, and so does its installation. */
function copyWorkspace() {
  const left = new Set([`${root}.git`, `${root}coverage`]);
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true, filter: (source) => !left.has(source) });
  writeFileSync(
    join(copy, 'vitest.mutate.config.mjs'),
    `const conditions = ['@mailrig/source'];
     export default { resolve: { conditions }, ssr: { resolve: { conditions } }, test: { include: ['${SOURCES}/**/*.test.ts'] } };`,
  );
  const configuration = {
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutate.config.mjs' },
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate: files.length > 0 ? files : [`${SOURCES}/*.ts`, `!${SOURCES}/*.test{,-d}.ts`],
    mutator: { excludedMutations: NO_CONDITIONS },
    ignorePatterns: ['examples', 'docs', '**/dist'],
    // It would have it rewritten by TypeScript's API, which version 7 does not have.
    tsconfigFile: 'none.json',
    concurrency: 2,
    // In milliseconds, besides half as much again as the tests took: a busy machine is to make no loop of them.
    timeoutMS: 60_000,
    reporters: ['progress-append-only', 'json'],
    jsonReporter: { fileName: 'mutants.json' },
  };
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(configuration));
}

async function mutate() {
  const stryker = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER}`);
  await step('pnpm', ['add', '--workspace-root', '--save-dev', '--prefer-offline', ...stryker], true);
  await step(
    process.execPath,
    ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'stryker.config.json'],
    false,
  );
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {boolean} quiet
 */
async function step(command, args, quiet) {
  const { ok, output } = await run(command, args, { cwd: copy, quiet, timeout: TIME_LIMIT });
  if (!ok) throw new Error(`${[command, ...args].join(' ')} has failed.\n${output}`);
}

function report() {
  const { tested, survivors } = survivorsOf(readFileSync(join(copy, 'mutants.json'), 'utf8'));
  const unexplained = survivors.filter((one) => !EQUIVALENT.some((other) => isSame(one, other)));
  const vanished = EQUIVALENT.filter((one) => isMutated(one) && !survivors.some((other) => isSame(one, other)));
  for (const { file, number, original, replacement } of unexplained) {
    console.log(`${SOURCES}/${file}:${number} survives: ${original} → ${replacement}`);
  }
  for (const { file, line } of vanished) {
    console.log(`scripts/mutate/equivalent.mjs has an entry that does not survive, of ${file}: ${line}`);
  }
  const explained = survivors.length - unexplained.length;
  console.log(`${tested} conditions turned round, ${explained} without an effect, ${unexplained.length} unseen`);
  if (unexplained.length > 0) process.exitCode = 1;
}

/**
 * @param {import('./mutate/survivors.mjs').Mutation} one
 * @param {import('./mutate/survivors.mjs').Mutation} other
 */
function isSame(one, other) {
  const fields = /** @type {const} */ (['file', 'line', 'original', 'replacement']);
  return fields.every((field) => one[field] === other[field]);
}

/** @param {import('./mutate/survivors.mjs').Mutation} mutation */
function isMutated({ file }) {
  return files.length === 0 || files.includes(`${SOURCES}/${file}`);
}
