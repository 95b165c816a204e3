// Projects outside the workspace that install the packages' tarballs, as their users do.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, root, tarballName } from './workspace.mjs';

/** @typedef {'vitest' | 'jest' | 'playwright' | 'node'} Runner */

/**
 * Lays out the project of `scripts/consumers/`, ready for `pnpm install`.
 *
 * @param {Runner} runner
 * @param {object} places
 * @param {string} places.cwd Where the project is to be.
 * @param {string} places.tarballs The directory of the packed packages.
 * @param {Readonly<Record<string, string>>} [versions] By package, instead of those of the workspace's catalog.
 */
export function layOutConsumer(runner, { cwd, tarballs }, versions = {}) {
  cpSync(`${root}scripts/consumers/${runner}`, cwd, { recursive: true });
  writeFileSync(join(cwd, 'pnpm-workspace.yaml'), settings(tarballs, versions));
}

/**
 * Lays out the project of `scripts/consumers/npm`, ready for `npm install`, which knows no catalog.
 *
 * @param {object} places
 * @param {string} places.cwd Where the project is to be.
 * @param {string} places.tarballs The directory of the packed packages.
 * @param {readonly string[]} [only] Those of its packages that are to be installed. By default all.
 */
export function layOutNpmConsumer({ cwd, tarballs }, only) {
  cpSync(`${root}scripts/consumers/npm`, cwd, { recursive: true });
  const file = join(cwd, 'package.json');
  /** @type {{ devDependencies: Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const overrides = tarballSpecifiers(tarballs);
  const workspace = readFileSync(WORKSPACE_FILE, 'utf8');
  const devDependencies = Object.fromEntries(
    (only ?? Object.keys(manifest.devDependencies)).map((name) => [
      name,
      overrides[name] ?? catalogEntry(workspace, name)[2],
    ]),
  );
  writeFileSync(file, JSON.stringify({ ...manifest, devDependencies, overrides }));
}

/**
 * The workspace's own catalog, and the tarballs wherever one of our packages is asked for.
 *
 * @param {string} tarballs
 * @param {Readonly<Record<string, string>>} [versions]
 */
export function settings(tarballs, versions = {}) {
  let text = readFileSync(WORKSPACE_FILE, 'utf8').replace(/^packages:.*$/m, 'packages: [.]');
  for (const [name, version] of Object.entries(versions)) {
    text = text.replace(catalogEntry(text, name)[0], `  '${name}': ${version}`);
  }
  const overrides = Object.entries(tarballSpecifiers(tarballs)).map(
    ([name, specifier]) => `  '${name}': ${specifier}\n`,
  );
  return `${text}\noverrides:\n${overrides.join('')}`;
}

const WORKSPACE_FILE = `${root}pnpm-workspace.yaml`;

/**
 * Our packages by name, each as what a dependency on its tarball says.
 *
 * @param {string} tarballs
 * @returns {Record<string, string>}
 */
function tarballSpecifiers(tarballs) {
  return Object.fromEntries(
    packages.map((package_) => [package_.manifest.name, `file:${join(tarballs, tarballName(package_))}`]),
  );
}

/**
 * @param {string} text Of pnpm-workspace.yaml.
 * @param {string} name
 */
function catalogEntry(text, name) {
  const entry = new RegExp(`^  (['"]?)${name}\\1: (.*)$`, 'm').exec(text);
  if (entry === null) throw new Error(`The catalog of pnpm-workspace.yaml has no ${name}`);
  return entry;
}
