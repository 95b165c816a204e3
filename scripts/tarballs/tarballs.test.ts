// What is in the tarballs. `pnpm run packages` packs them, and says where they are.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { LICENSES_FILE, PERMISSIVE } from '../third-party.mjs';
import { packages, root, tarballName } from '../workspace.mjs';
import { steadySizes, type Sizes } from './sizes.ts';
import { builtInPackages, entryNames, undeclaredTypes, unpack, unreachableFiles, type Tarball } from './tarball.ts';

const SIZES = `${root}scripts/tarballs/sizes.json`;

/** What is imported for what it does: it registers the matchers. */
const REGISTERING = ['@mailrig/jest', '@mailrig/jest/setup', '@mailrig/vitest'];

/** Prints the authority of a server. */
const SERVER_WITH_TLS = `
  const { startTestSmtp } = await load('@mailrig/fixture');
  const mail = await startTestSmtp();
  console.log(mail.ca);
  await mail.stop();
`;

/** A module that is left empty. */
const NOTHING = 'export {};';

const packed = process.env.MAILRIG_TARBALLS;
if (packed === undefined) throw new Error('MAILRIG_TARBALLS is not set: run `pnpm run packages`, which packs them');

const directory = mkdtempSync(join(tmpdir(), 'mailrig-tarballs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const tarballs = packages.map((package_) => {
  const file = join(packed, tarballName(package_));
  return unpack(file, package_.manifest.name, join(directory, 'node_modules'));
});

const OTHERS = tarballs.flatMap(entryNames).filter((entry) => !REGISTERING.includes(entry));

test('sizes are within 10 % of scripts/tarballs/sizes.json; if a difference is meant, delete it and run this again', async () => {
  const recorded: Sizes = existsSync(SIZES) ? JSON.parse(readFileSync(SIZES, 'utf8')) : {};
  const measured = Object.fromEntries(tarballs.map((tarball) => [tarball.name, sizeOf(tarball)]));
  await expect(`${JSON.stringify(steadySizes(recorded, measured), null, 2)}\n`).toMatchFileSnapshot(SIZES);
});

test.each(tarballs)('each file of the package $name is reached from one of its entries', (tarball) => {
  expect(unreachableFiles(tarball)).toEqual([]);
});

test('a fixture loads the core of @mailrig/smtp, and not SMTPServer', async () => {
  const script = "require('@mailrig/fixture'); console.log(Object.keys(require.cache).join())";
  const output = await node('--eval', script);
  expect(output).toContain('smtp/dist/core.cjs');
  expect(output).not.toContain('smtp/dist/index.cjs');
});

test.each<[format: string, args: readonly string[]]>([
  ['CommonJS', ['--eval', `(async () => { const load = require; ${SERVER_WITH_TLS} })()`]],
  ['ES modules', ['--input-type=module', '--eval', `const load = (name) => import(name); ${SERVER_WITH_TLS}`]],
])('a server with TLS starts in %s where nothing is installed but our packages', async (_format, args) => {
  expect(await node(...args)).toMatch(/^-----BEGIN CERTIFICATE-----/);
});

// What is required from an ES module stands on `import.meta.url`, which a bundler may leave empty: then no certificate could be made.
test.each(tarballs)('no ES module of $name requires', ({ directory: package_, files }) => {
  const modules = [...files.keys()].filter((path) => path.endsWith('.js'));
  const requiring = modules.filter((path) => readFileSync(join(package_, path), 'utf8').includes('createRequire'));
  expect(requiring).toEqual([]);
});

test('what makes certificates is loaded with the first of them', async () => {
  const loaded = 'console.log(Object.keys(require.cache).some((path) => /selfsigned/.test(path)));';
  const script = `(async () => {
    const { startTestSmtp } = require('@mailrig/fixture');
    await (await startTestSmtp({ tls: 'none' })).stop();
    ${loaded}
    await (await startTestSmtp()).stop();
    ${loaded}
  })()`;
  expect(await node('--eval', script)).toBe('false\ntrue\n');
});

test.each(tarballs)('each package that is built into $name is named with a licence that permits it', (tarball) => {
  const file = `dist/${LICENSES_FILE}`;
  const text = tarball.files.has(file) ? readFileSync(join(tarball.directory, file), 'utf8') : '';
  const titles = [...text.matchAll(/^-{80}\n(\S+) \S+ \((.+)\)\n\n(?=\S)/gm)];
  expect(titles.map(([, name]) => name)).toEqual(expect.arrayContaining([...builtInPackages(tarball)]));
  expect(PERMISSIVE).toEqual(expect.arrayContaining(titles.map(([, , license]) => license)));
});

test('only a fixture has others built in: what makes certificates, in a file for each format and without source maps', () => {
  const selfsigned = tarballs.flatMap(({ name, files }) =>
    [...files.keys()].filter((path) => path.includes('selfsigned')).map((path) => `${name}/${path}`),
  );
  expect(selfsigned.sort()).toEqual([
    '@mailrig/fixture/dist/shared/selfsigned.cjs',
    '@mailrig/fixture/dist/shared/selfsigned.js',
  ]);
  const hosts = tarballs.filter((tarball) => builtInPackages(tarball).length > 0);
  expect(hosts.map(({ name }) => name)).toEqual(['@mailrig/fixture']);
});

test.each(tarballs)('the declarations of $name need no package that does not come with it', (tarball) => {
  expect(undeclaredTypes(tarball)).toEqual([]);
});

test.each(REGISTERING)('a bundler keeps that %s registers the matchers', async (entry) => {
  expect(await bundled(`import '${entry}';`)).toContain('expect.extend(');
});

test.each(OTHERS)('a bundler drops %s where nothing of it is used', async (entry) => {
  expect(await bundled(`import '${entry}';`)).toBe(NOTHING);
});

/** Runs Node where nothing but our packages is installed: by NODE_PATH, pnpm lets its programs find all that it has. */
async function node(...args: readonly string[]): Promise<string> {
  const options = { cwd: directory, env: { ...process.env, NODE_PATH: '' } };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return stdout;
}

function sizeOf({ size, files }: Tarball) {
  const unpacked = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { tarball: size, unpacked, files: files.size };
}

/** The code that is left of a module when it is bundled, without what is not ours. */
async function bundled(code: string): Promise<string> {
  const bundle = await rolldown({
    cwd: directory,
    input: 'entry',
    platform: 'node',
    external: (specifier) => /^[^./]/.test(specifier) && specifier !== 'entry' && !specifier.startsWith('@mailrig/'),
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? join(directory, 'entry.js') : null),
        load: (id) => (id === join(directory, 'entry.js') ? code : null),
      },
    ],
  });
  const { output } = await bundle.generate({ comments: false });
  await bundle.close();
  return output[0].code.trim();
}
