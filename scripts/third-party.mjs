// What of other packages is built into ours: which they are, their licences, and that their code comes without source maps.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What may be built in: all that these licences ask for is to be handed on. */
export const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** The file in `dist` that names them. */
export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt';

/**
 * @typedef {object} ThirdParty A package that is built in.
 * @property {string} title Its name and version.
 * @property {string} license By its SPDX identifier.
 * @property {string} text Of its licence and its notices.
 */

/**
 * The packages that modules are of, each version once; modules of our own are of none.
 *
 * @param {readonly string[]} moduleIds Their paths.
 * @returns {readonly ThirdParty[]} In the order of their titles.
 * @throws {Error} Where a licence is not in {@link PERMISSIVE}, or its text is missing.
 */
export function thirdPartiesOf(moduleIds) {
  const directories = new Set(moduleIds.flatMap((id) => PACKAGE_DIRECTORY.exec(id)?.[0] ?? []));
  const byTitle = new Map([...directories].map(describe).map((found) => [found.title, found]));
  return [...byTitle.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
}

/**
 * The text of {@link LICENSES_FILE}.
 *
 * @param {readonly ThirdParty[]} parties
 */
export function licensesText(parties) {
  // Apache-2.0 §4(b): who changes a file says so.
  const preface = `This package contains code of the packages below. The build has put it together and changed it.\n`;
  const sections = parties.map(({ title, license, text }) => `${RULE}\n${title} (${license})\n\n${text.trim()}\n`);
  return [preface, ...sections].join('\n');
}

/**
 * Leaves out the source maps of what is not ours: they weigh twice as much as the code, and nobody steps through it.
 *
 * @returns {import('rolldown').Plugin}
 */
export function withoutForeignMaps() {
  return {
    name: 'without-foreign-maps',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || !file.moduleIds.some((id) => PACKAGE_DIRECTORY.test(id))) continue;
        delete bundle[`${file.fileName}.map`];
        file.code = file.code.replace(/\n*\/\/# sourceMappingURL=.*\s*$/, '\n');
      }
    },
  };
}

const RULE = '-'.repeat(80);

/** Up to the last `node_modules`: pnpm's packages lie in those of others. */
const PACKAGE_DIRECTORY = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

const LICENSE_FILES = /^(?:licen[cs]e|notice|copyrightnotice)(?:\.\w+)?$/i;

/**
 * @param {string} directory
 * @returns {ThirdParty}
 */
function describe(directory) {
  /** @type {{ name: string, version: string, license?: string }} */
  const { name, version, license = 'no licence' } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const title = `${name} ${version}`;
  if (!PERMISSIVE.includes(license)) throw new Error(`${title} can't be built in: ${license} is not in PERMISSIVE.`);
  const files = readdirSync(directory).filter((file) => LICENSE_FILES.test(file));
  if (files.length === 0) throw new Error(`${title} can't be built in: it has no text of its licence.`);
  const text = files.map((file) => readFileSync(join(directory, file), 'utf8').trim()).join('\n\n');
  return { title, license, text: text.replaceAll('\r\n', '\n') };
}
