// What the bench needs and sets up by itself: the packages as built, Postfix's programs, the peers, a certificate.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { provide } from '../debian.mjs';
import { pathOf } from '../programs.mjs';
import { loadFixture } from '../soak/built-fixture.mjs';
import { packages, root, run } from '../workspace.mjs';

/** Their versions are fixed, so that figures can be compared. None of them is a dependency of the workspace. */
const PEERS = { 'smtp-server': '3.21.6', 'smtp-tester': '2.1.0', maildev: '3.0.0' };

const CACHE = `${root}node_modules/.cache/mailrig-bench`;

/** Builds what is older than its sources. */
export async function build() {
  await loadFixture(undefined);
}

/**
 * Installs the peers once, into a folder of their own.
 *
 * @returns {Promise<string>} The folder.
 */
export async function installPeers() {
  const manifest = join(CACHE, 'package.json');
  const wanted = JSON.stringify({ private: true, dependencies: PEERS });
  const installed = join(CACHE, 'installed.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return CACHE;
  console.log(`▸ install ${Object.keys(PEERS).join(', ')} into ${CACHE}`);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(manifest, wanted);
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { ok, output } = await run('npm', args, { cwd: CACHE, quiet: true });
  if (!ok) throw new Error(`The peers could not be installed:\n${output}`);
  writeFileSync(installed, wanted);
  return CACHE;
}

/**
 * smtp-source and smtp-sink of Postfix, whose daemon is not started.
 *
 * @returns {Promise<boolean>} Whether they are to be had.
 */
export async function installPostfix() {
  await provide({ 'smtp-source': 'postfix', 'smtp-sink': 'postfix' });
  return pathOf('smtp-source') !== undefined && pathOf('smtp-sink') !== undefined;
}

/**
 * Of what takes part: ours, with the commit where git tells, then the peers.
 *
 * @returns {Promise<string>} For example `Mailrig 1.2.3 (commit 0123abc), smtp-server 3.21.6`.
 */
export async function versions() {
  const commit = await told('git', ['--no-optional-locks', 'describe', '--always', '--dirty', '--exclude', '*']);
  const mail = await told(pathOf('postconf') ?? 'postconf', ['-d', '-h', 'mail_version']);
  return [
    `Mailrig ${packages[0]?.manifest.version}${commit === '' ? '' : ` (commit ${commit})`}`,
    ...Object.entries(PEERS).map(([name, version]) => `${name} ${version}`),
    ...(mail === '' ? [] : [`Postfix ${mail}`]),
  ].join(', ');
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string>} Its output, empty where it fails or is not there.
 */
async function told(program, args) {
  const { ok, output } = await run(program, args, { quiet: true }).catch(() => ({ ok: false, output: '' }));
  return ok ? output.trim() : '';
}

/**
 * Signed by itself, for `localhost`, with a P-256 key.
 *
 * @returns {Promise<{ key: string, cert: string }>}
 */
export async function makeCertificate() {
  const { generate } = createRequire(`${root}packages/fixture/package.json`)('selfsigned');
  const extensions = [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }];
  const options = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', extensions };
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], options);
  return { key, cert };
}
