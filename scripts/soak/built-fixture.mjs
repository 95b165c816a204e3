// The fixture as its users get it: what was built, made anew where the sources are newer.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { root, run } from '../workspace.mjs';

/** @typedef {Pick<typeof import('@mailrig/fixture'), 'startTestSmtp'>} Fixture */

const PACKAGES = ['smtp', 'fixture'].map((name) => `${root}packages/${name}/`);

/**
 * @param {string | undefined} file The index.js of another build, which is taken as it is.
 * @returns {Promise<Fixture>}
 */
export async function loadFixture(file) {
  if (file === undefined && PACKAGES.some(isStale)) {
    const { ok } = await run('node', ['scripts/build.mjs']);
    if (!ok) throw new Error('The packages could not be built.');
  }
  return import(pathToFileURL(file ?? `${root}packages/fixture/dist/index.js`).href);
}

/** @param {string} directory */
function isStale(directory) {
  const built = `${directory}dist/index.js`;
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  return readdirSync(`${directory}src`, { recursive: true }).some(
    (name) => statSync(`${directory}src/${String(name)}`).mtimeMs > mtimeMs,
  );
}
