// The versions of TypeScript and of Node, beside each other: in no project, for they are hundreds of megabytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../workspace.mjs';
import { versionOf } from './installed.mjs';

/**
 * @typedef {object} Installed
 * @property {string} version
 * @property {string} directory Of the package.
 */

/** The oldest is the first that knows `await using`. */
const TYPESCRIPTS = ['~5.2.0', '~5.4.0', '^5.9.0', '^6.0.0', '^7.0.0'];

const NODES = ['^20.19.0', '^22.0.0', '^24.0.0', '^26.0.0'];

/** In milliseconds, for hundreds of megabytes. */
const TIME_LIMIT = 900_000;

/**
 * @param {string} cwd
 * @returns {Promise<readonly Installed[]>} The oldest first.
 */
export function installCompilers(cwd) {
  return install('TypeScript', 'typescript', TYPESCRIPTS, cwd);
}

/**
 * What the package `node` would fetch by a script after its installation.
 *
 * @param {string} cwd
 * @returns {Promise<readonly Installed[]>} The oldest first.
 */
export function installNodes(cwd) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return install('Node', `node-${platform}-${process.arch}`, NODES, cwd);
}

/**
 * Several versions of one package.
 *
 * @param {string} title
 * @param {string} name
 * @param {readonly string[]} asked
 * @param {string} cwd
 */
async function install(title, name, asked, cwd) {
  const devDependencies = Object.fromEntries(asked.map((range, index) => [`${index}`, `npm:${name}@${range}`]));
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, devDependencies }));
  writeFileSync(join(cwd, 'pnpm-workspace.yaml'), 'packages: [.]\n');
  console.log(`\n▸ ${title}: ${asked.join(', ')}`);
  const { ok, output } = await run('pnpm', ['install', '--prefer-offline'], { cwd, quiet: true, timeout: TIME_LIMIT });
  if (!ok) throw new Error(`${title} can not be installed.\n${output}`);
  const directories = asked.map((_, index) => join(cwd, 'node_modules', `${index}`));
  return directories.map((directory) => ({ directory, version: versionOf(directory) }));
}
