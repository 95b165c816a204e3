// What a consumer has got.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = { vitest: 'vitest', jest: 'jest', playwright: '@playwright/test' };

/**
 * The runner of a consumer.
 *
 * @param {import('../consumer.mjs').Runner} runner
 * @param {string} cwd
 * @returns {{ name: string, engines: string }} Its name with its version, and the versions of Node that it is made for.
 */
export function installed(runner, cwd) {
  if (runner === 'node') return { name: 'node:test', engines: '' };
  const { version, engines } = manifestOf(join(cwd, 'node_modules', PACKAGES[runner]));
  return { name: `${runner} ${version}`, engines: engines?.node ?? '' };
}

/**
 * @param {string} directory Of an installed package.
 * @returns {string}
 */
export const versionOf = (directory) => manifestOf(directory).version;

/**
 * @param {string} directory
 * @returns {{ version: string, engines?: { node?: string } }}
 */
function manifestOf(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}
