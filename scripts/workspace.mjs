// What the scripts share: where things are, and how a command is run.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Package A package that is published.
 * @property {string} directory Its absolute path, with a slash at the end.
 * @property {Manifest} manifest Its package.json.
 */

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {Record<string, { '@mailrig/source'?: string, require?: unknown }>} exports In the workspace.
 * @property {{ exports: Record<string, unknown>, access: string, provenance: boolean }} publishConfig What of them is published, and how.
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/** In milliseconds: what hangs, fails. */
const TIME_LIMIT = 300_000;

/** The workspace's absolute path, with a slash at the end. */
export const root = fileURLToPath(new URL('../', import.meta.url));

/** @type {readonly Package[]} */
export const packages = readdirSync(`${root}packages`).map((name) => {
  const directory = `${root}packages/${name}/`;
  return { directory, manifest: JSON.parse(readFileSync(`${directory}package.json`, 'utf8')) };
});

/**
 * Whether a package can be required; a runner's package can't where the runner can't.
 *
 * @param {Package} package_
 */
export const isDual = ({ manifest }) => 'require' in (manifest.exports['.'] ?? {});

/**
 * The modules that a package publishes, by the names of the files that they are built to.
 *
 * @param {Package} package_
 * @returns {Record<string, string>} For example `{ index: './src/index.ts' }`.
 */
export function entriesOf({ manifest }) {
  const names = Object.keys(manifest.publishConfig.exports);
  const sources = names.flatMap((name) => manifest.exports[name]?.['@mailrig/source'] ?? []);
  return Object.fromEntries(sources.map((source) => [source.replaceAll(/^.*\/|\.ts$/g, ''), source]));
}

/**
 * What a package's tarball is called.
 *
 * @param {Package} package_
 */
export const tarballName = ({ manifest: { name, version } }) =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/**
 * A program that the workspace has installed.
 *
 * @param {string} name
 */
export const bin = (name) => `${root}node_modules/.bin/${name}`;

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string | undefined, quiet?: boolean | undefined, timeout?: number }} [options] `quiet` collects the output instead of
 *   showing it; `timeout` is in milliseconds, 0 where the command bounds itself.
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function run(command, args, { cwd = root, quiet = false, timeout = TIME_LIMIT } = {}) {
  const stream = quiet ? 'pipe' : 'inherit';
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', stream, stream], timeout });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(output).toString() }));
  });
}
