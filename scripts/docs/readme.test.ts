// Every sample of the READMEs is a complete test file, and runs: `ts` under vitest, or Playwright where the README is that of its
// package, `js` (CommonJS) under jest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bin, packages, root } from '../workspace.mjs';
import { samplesOf, type Sample } from './samples.ts';

// In the tree, for here the packages are found; git knows nothing of it.
const directory = `${root}scripts/docs/.samples/`;
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory);

/** The suffix of what Playwright runs. */
const SPECIFICATION = '.spec.ts';

/** In milliseconds: a sample that leaves something open keeps jest from ending. */
const TIME_LIMIT = 60_000;

const readmes = [root, ...packages.map((package_) => package_.directory)]
  .map((folder) => `${folder}README.md`)
  .filter((path) => existsSync(path))
  .map((path) => ({ name: path.slice(root.length), samples: samplesOf(readFileSync(path, 'utf8')) }));

const files = readmes.flatMap(({ name, samples }) => samples.map((sample) => write(name, sample)));
const onTypeScript = files.filter(({ sample }) => sample.language === 'ts' && !sample.compileOnly);
const onPlaywright = onTypeScript.filter(({ path }) => path.endsWith(SPECIFICATION));
const onVitest = onTypeScript.filter(({ path }) => !path.endsWith(SPECIFICATION));
const onJest = files.filter(({ sample }) => sample.language === 'js');

test('README.md has a sample that runs', () => {
  expect(onVitest.map(({ title }) => title)).toContainEqual(expect.stringMatching(/^README\.md:/));
});

for (const { title, path } of onVitest) {
  describe(title, async () => {
    await import(path);
  });
}

test('the samples compile', { timeout: TIME_LIMIT }, () => {
  expect(output(bin('tsc'), ['-p', `${root}scripts/docs`])).toBe('');
});

for (const { title, path } of onJest) {
  test(title, { timeout: TIME_LIMIT }, () => {
    const config = { rootDir: directory, testEnvironment: 'node', transform: {} };
    expect(output(bin('jest'), ['--config', JSON.stringify(config), '--runTestsByPath', path])).toBe('');
  });
}

test('the samples for Playwright', { timeout: TIME_LIMIT }, () => {
  expect(onPlaywright.length).toBeGreaterThan(0);
  const env = { ...process.env, NODE_OPTIONS: '--conditions=@mailrig/source', JEST_WORKER_ID: undefined };
  const args = ['test', '--config', directory, '--output', `${directory}results`, '--reporter', 'line', SPECIFICATION];
  expect(output(bin('playwright'), args, env)).toBe('');
});

/** Writes a sample as a file whose line numbers are those of its README. */
function write(readme: string, sample: Sample): { title: string; path: string; sample: Sample } {
  const title = `${readme}:${sample.line}`;
  const ofPlaywright = readme === 'packages/playwright/README.md' && !sample.compileOnly;
  const suffix = { ts: ofPlaywright ? SPECIFICATION : '.ts', js: '.test.cjs' }[sample.language];
  const path = `${directory}${title.replaceAll(/[^\w.]+/g, '-')}${suffix}`;
  writeFileSync(path, '\n'.repeat(sample.line) + sample.code);
  return { title, path, sample };
}

/** What a command prints where it fails, nothing where it succeeds. */
function output(command: string, args: readonly string[], env = process.env): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: TIME_LIMIT, env });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
