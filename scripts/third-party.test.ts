import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { licensesText, thirdPartiesOf, withoutForeignMaps } from './third-party.mjs';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mailrig-third-party-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Installs a package; returns its module's path. */
function install(name: string, license: string | undefined, path = `node_modules/${name}`): string {
  write(`${path}/package.json`, JSON.stringify({ name, version: '1.0.0', license, main: 'build/index.js' }));
  write(`${path}/LICENSE`, `The licence of ${name}`);
  return write(`${path}/build/index.js`, `export const ${name.replaceAll(/\W/g, '')} = 1;`);
}

test('a package is known by any of its modules, and named once', () => {
  const module = install('@scope/one', 'MIT');
  const found = thirdPartiesOf([module, join(dirname(module), 'other.js')]);
  expect(found).toEqual([{ title: '@scope/one 1.0.0', license: 'MIT', text: 'The licence of @scope/one' }]);
});

test('a package that another brings is named itself', () => {
  const modules = ['two', 'one'].map((name) =>
    install(name, 'ISC', `node_modules/.pnpm/${name}@1/node_modules/${name}`),
  );
  expect(thirdPartiesOf(modules).map(({ title }) => title)).toEqual(['one 1.0.0', 'two 1.0.0']);
});

test('modules of our own, and what the bundler adds, are of nobody else', () => {
  expect(thirdPartiesOf([join(directory, 'src/index.ts'), '\0rolldown/runtime.js'])).toEqual([]);
});

test.each(['GPL-3.0-only', 'MIT OR GPL-2.0', undefined])('a package with the licence %s is not built in', (license) => {
  const module = install('other', license);
  expect(() => thirdPartiesOf([module])).toThrow("other 1.0.0 can't be built in: ");
});

test('nor is one without the text of its licence', () => {
  const module = install('other', 'MIT');
  rmSync(join(directory, 'node_modules/other/LICENSE'));
  expect(() => thirdPartiesOf([module])).toThrow('it has no text of its licence');
});

test('notices are handed on with the licence', () => {
  const module = install('one', 'Apache-2.0');
  write('node_modules/one/NOTICE.md', 'By Ann');
  const text = licensesText(thirdPartiesOf([module]));
  expect(text).toContain(`${'-'.repeat(80)}\none 1.0.0 (Apache-2.0)\n\nThe licence of one\n\nBy Ann\n`);
});

test('a chunk with code of others has no source map, and ours have theirs', async () => {
  install('one', 'MIT');
  const input = write('index.js', "export const late = () => import('one');");
  const bundle = await rolldown({ cwd: directory, input, plugins: [withoutForeignMaps()] });
  const { output } = await bundle.generate({ sourcemap: true, chunkFileNames: '[name].js' });
  await bundle.close();
  const files = new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : '']));
  expect([...files.keys()].sort()).toEqual(['build.js', 'index.js', 'index.js.map']);
  expect(files.get('index.js')).toContain('\n//# sourceMappingURL=index.js.map');
  expect(files.get('build.js')).not.toContain('sourceMappingURL');
});
