// Packages of the peers, which are installed outside of the workspace.
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * @param {import('./contestant.mjs').Settings} settings
 * @param {string} name
 */
export function requirePeer({ peers }, name) {
  if (peers === undefined) throw new Error(`Nobody said where ${name} is installed.`);
  return createRequire(join(peers, 'package.json'))(name);
}

/**
 * The same for a package that can only be imported.
 *
 * @param {import('./contestant.mjs').Settings} settings
 * @param {string} name
 */
export async function importPeer({ peers = '' }, name) {
  return import(join(peers, 'node_modules', name, 'dist/index.js'));
}
