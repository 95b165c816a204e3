// What is in the tarballs. `pnpm run packages` packs them, and says where they are.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { packages, root, tarballName } from '../workspace.mjs';
import { steadySizes, type Sizes } from './sizes.ts';
import { entryNames, unpack, unreachableFiles, type Tarball } from './tarball.ts';

const SIZES = `${root}scripts/tarballs/sizes.json`;

/** What is imported for what it does: it registers the matchers. */
const REGISTERING = ['@mailrig/jest', '@mailrig/jest/setup', '@mailrig/vitest'];

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
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: directory });
  expect(stdout).toContain('smtp/dist/core.cjs');
  expect(stdout).not.toContain('smtp/dist/index.cjs');
});

test.each(REGISTERING)('a bundler keeps that %s registers the matchers', async (entry) => {
  expect(await bundled(`import '${entry}';`)).toContain('expect.extend(');
});

test.each(OTHERS)('a bundler drops %s where nothing of it is used', async (entry) => {
  expect(await bundled(`import '${entry}';`)).toBe(NOTHING);
});

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
