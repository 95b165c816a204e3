// The import rule of ARCHITECTURE.md and the other rules that a reader relies on: each is broken once, in a copy.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, root } from './workspace.mjs';

const smtp = 'packages/smtp/src';

// [a file, what it must not import]
const forbiddenImports = [
  [`${smtp}/wire/x.ts`, '../session/session.ts'],
  [`${smtp}/wire/x.ts`, '../server/clock.ts'],
  [`${smtp}/wire/x.ts`, '../index.ts'],
  [`${smtp}/wire/x.ts`, 'node:net'],
  [`${smtp}/wire/x.ts`, 'mailparser'],
  [`${smtp}/session/x.ts`, '../server/clock.ts'],
  [`${smtp}/session/x.ts`, '../index.ts'],
  [`${smtp}/session/x.ts`, 'node:crypto'],
  [`${smtp}/session/commands/x.ts`, '../../compat/options.ts'],
  [`${smtp}/session/commands/x.ts`, '../../index.ts'],
  [`${smtp}/server/x.ts`, '../compat/options.ts'],
  [`${smtp}/server/x.ts`, '../index.ts'],
  [`${smtp}/server/x.ts`, 'nodemailer'],
  [`${smtp}/compat/x.ts`, '../index.ts'],
  [`${smtp}/compat/x.ts`, 'nodemailer'],
  ['packages/fixture/src/x.ts', '@mailrig/smtp/src/wire/path.ts'],
  ['packages/fixture/src/x.ts', '../../smtp/src/wire/path.ts'],
  ['packages/fixture/src/x.ts', '@mailrig/matchers'],
  ['packages/fixture/src/faults/x.ts', 'nodemailer'],
  ['packages/matchers/src/x.ts', '@mailrig/fixture'],
  ['packages/matchers/src/x.ts', '@mailrig/smtp'],
  ['packages/matchers/src/x.ts', 'vitest'],
  ['packages/vitest/src/x.ts', '@mailrig/smtp'],
  ['packages/jest/src/x.ts', 'vitest'],
  ['packages/playwright/src/x.ts', '@jest/globals'],
  ['packages/playwright/src/x.ts', '@mailrig/smtp'],
  [`${smtp}/wire/x.test.ts`, '../session/session.ts'],
  [`${smtp}/session/x.test.ts`, '../server/clock.ts'],
  [`${smtp}/server/x.test.ts`, '../compat/options.ts'],
] as const;

const allowedImports = [
  [`${smtp}/wire/x.ts`, './path.ts'],
  [`${smtp}/session/x.ts`, '../wire/path.ts'],
  [`${smtp}/session/commands/x.ts`, '../../wire/path.ts'],
  [`${smtp}/server/x.ts`, '../session/session.ts'],
  [`${smtp}/server/x.ts`, 'node:fs/promises'],
  [`${smtp}/compat/x.ts`, '../server/listener.ts'],
  [`${smtp}/compat/x.ts`, 'node:events'],
  ['packages/fixture/src/x.ts', '@mailrig/smtp'],
  ['packages/fixture/src/faults/x.ts', '../options.ts'],
  ['packages/vitest/src/x.ts', 'vitest'],
  ['packages/vitest/src/x.ts', '@mailrig/fixture/runner'],
  ['packages/jest/src/x.ts', '@jest/globals'],
  ['packages/playwright/src/x.ts', '@playwright/test'],
  ['packages/playwright/src/x.ts', '@mailrig/fixture/runner'],
  [`${smtp}/wire/x.test.ts`, 'fast-check'],
  [`${smtp}/session/x.test.ts`, '../wire/path.ts'],
] as const;

// [what a pure module must not do, the rule that says so]
const impurities = [
  ['setTimeout(String, 1)', 'eslint(no-restricted-globals)'],
  ['globalThis.setInterval(String, 1)', 'eslint(no-restricted-globals)'],
  ['setImmediate(String)', 'eslint(no-restricted-globals)'],
  ['queueMicrotask(String)', 'eslint(no-restricted-globals)'],
  ['Date.now()', 'eslint(no-restricted-globals)'],
  ['performance.now()', 'eslint(no-restricted-globals)'],
  ['process.env', 'eslint(no-restricted-globals)'],
  [`console.log('')`, 'eslint(no-restricted-globals)'],
  ['Math.random()', 'eslint(no-restricted-properties)'],
  [`import('node:net')`, 'eslint(no-restricted-imports)'],
] as const;

const faults = [
  ['export type It = any;', 'typescript(no-explicit-any)'],
  ['export default 1;', 'import(no-default-export)'],
  ['export function it(late: Promise<void>): void { late; }', 'typescript(no-floating-promises)'],
  ['export function it(late: Promise<void>): number { return late ? 1 : 2; }', 'typescript(no-misused-promises)'],
] as const;

interface Diagnostic {
  readonly filename: string;
  /** The rule, as `plugin(rule)`. */
  readonly code: string;
}

/** The planted modules, by path. */
const modules = new Map<string, string>();

/** Gives a module a path of its own: `a/x.ts` becomes `a/x-12.ts`. */
function plant(path: string, code: string): string {
  const own = path.replace(/\/x\./, `/x-${modules.size}.`);
  modules.set(own, code);
  return own;
}

const importing = (specifier: string): string => `import { it } from '${specifier}';\nexport const its = it;\n`;
const evaluating = (expression: string): string => `export const it: unknown = ${expression};\n`;

let directory: string;
let diagnostics: readonly Diagnostic[];

// Outside the tree, so that neither a crash nor a test running beside this one meets the planted modules.
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailrig-lint-'));
  cpSync(`${root}.oxlintrc.json`, join(directory, '.oxlintrc.json'));
  for (const [path, code] of modules) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), code);
  }
  diagnostics = lint(directory);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('imports run one way', () => {
  for (const [path, specifier] of forbiddenImports) {
    const planted = plant(path, importing(specifier));
    test(`${path} must not import ${specifier}`, () => {
      expect(broken(planted)).toContain('eslint(no-restricted-imports)');
    });
  }

  for (const [path, specifier] of allowedImports) {
    const planted = plant(path, importing(specifier));
    test(`${path} may import ${specifier}`, () => {
      expect(broken(planted)).toEqual([]);
    });
  }

  const planted = plant(
    'packages/matchers/src/x.ts',
    `import { isPattern, type It } from '@mailrig/fixture';\nexport const its: It[] = [];\nisPattern(its);\n`,
  );
  test('matchers may import the types of fixture, and its patterns', () => {
    expect(broken(planted)).toEqual([]);
  });
});

describe.each(['wire', 'session', 'session/commands'])('%s is pure', (layer) => {
  for (const [expression, rule] of impurities) {
    const planted = plant(`${smtp}/${layer}/x.ts`, evaluating(expression));
    test(`no ${expression}`, () => {
      expect(broken(planted)).toContain(rule);
    });
  }

  const planted = plant(`${smtp}/${layer}/x.ts`, evaluating(`Buffer.from('')`));
  test('a Buffer is allowed', () => {
    expect(broken(planted)).toEqual([]);
  });
});

describe('everywhere', () => {
  for (const [code, rule] of faults) {
    const planted = plant('packages/fixture/src/x.ts', code);
    test(`no ${code}`, () => {
      expect(broken(planted)).toContain(rule);
    });
  }
});

/** The rules that a planted module breaks. */
function broken(path: string): readonly string[] {
  return diagnostics.filter(({ filename }) => filename === path).map(({ code }) => code);
}

function lint(cwd: string): readonly Diagnostic[] {
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: bin('tsgolint') };
  const { stdout, stderr } = spawnSync(bin('oxlint'), ['--format=json'], { cwd, env, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not run: ${stdout}${stderr}`);
  return JSON.parse(stdout).diagnostics;
}
