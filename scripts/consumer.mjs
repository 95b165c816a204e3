// A project outside the workspace that installs the packages' tarballs, as their users do.
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
 * The workspace's own catalog, and the tarballs wherever one of our packages is asked for.
 *
 * @param {string} tarballs
 * @param {Readonly<Record<string, string>>} [versions]
 */
export function settings(tarballs, versions = {}) {
  let text = readFileSync(`${root}pnpm-workspace.yaml`, 'utf8').replace(/^packages:.*$/m, 'packages: [.]');
  for (const [name, version] of Object.entries(versions)) {
    const entry = new RegExp(`^  (['"]?)${name}\\1: .*$`, 'm');
    if (!entry.test(text)) throw new Error(`The catalog of pnpm-workspace.yaml has no ${name}`);
    text = text.replace(entry, `  '${name}': ${version}`);
  }
  const overrides = packages.map(
    (package_) => `  '${package_.manifest.name}': file:${join(tarballs, tarballName(package_))}\n`,
  );
  return `${text}\noverrides:\n${overrides.join('')}`;
}
