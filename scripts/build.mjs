// Builds what is published (packages/*/dist) and the example applications: tsc for the types, rolldown for the JavaScript.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, posix } from 'node:path';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { LICENSES_FILE, licensesText, thirdPartiesOf, withoutForeignMaps } from './third-party.mjs';
import { bin, entriesOf, isDual, packages, root, run } from './workspace.mjs';

/** @typedef {'esm' | 'cjs'} Format */

const EXTENSIONS = {
  esm: { js: '.js', types: '.d.ts' },
  cjs: { js: '.cjs', types: '.d.cts' },
};

/** The quote, and the path without its suffix. */
const RELATIVE_SPECIFIER = /(["'])(\.\.?\/[^"'\n]+)\.ts\1/g;

const started = performance.now();
await compile(['tsconfig.build.json']);
await Promise.all(packages.map(build));
// The examples stand where a user stands: they see what was built, not the sources.
await compile(await typescriptExamples());
console.log(`Built ${packages.length} packages in ${((performance.now() - started) / 1000).toFixed(1)} s`);

/** @param {readonly string[]} projects */
async function compile(projects) {
  const { ok } = await run(bin('tsc'), ['-b', ...projects]);
  if (!ok) process.exit(1);
}

/** @param {import('./workspace.mjs').Package} package_ */
async function build(package_) {
  /** @type {Format[]} */
  const formats = isDual(package_) ? ['esm', 'cjs'] : ['esm'];
  await rm(`${package_.directory}dist`, { recursive: true, force: true });
  const [moduleIds] = await Promise.all([
    Promise.all(formats.map((format) => bundle(package_, format))),
    ...formats.map((format) => declare(package_, format)),
  ]);
  const parties = thirdPartiesOf(moduleIds.flat());
  if (parties.length > 0) await writeFile(`${package_.directory}dist/${LICENSES_FILE}`, licensesText(parties));
}

/**
 * Builds in what is imported and not among the dependencies: no user installs it.
 *
 * @param {import('./workspace.mjs').Package} package_
 * @param {Format} format
 * @returns {Promise<readonly string[]>} The modules that are in it.
 */
async function bundle(package_, format) {
  const { directory, manifest } = package_;
  const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const bundled = await rolldown({
    cwd: directory,
    input: entriesOf(package_),
    platform: 'node',
    tsconfig: false,
    external: [/^node:/, ...installed.map((name) => new RegExp(`^${name}(/|$)`))],
    // Of others the ES modules too: loading selfsigned takes 24 ms of them, 34 of CommonJS.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
    plugins: [
      // A `require` in an ES module would stand on `import.meta.url`, which a user's bundler may leave empty.
      esmExternalRequirePlugin({ external: [...builtinModules] }),
      withoutForeignMaps(),
    ],
  });
  const { output } = await bundled.write({
    dir: `${directory}dist`,
    format,
    sourcemap: true,
    entryFileNames: `[name]${EXTENSIONS[format].js}`,
    // What entries have in common: a class is one, whichever of them it is imported from.
    chunkFileNames: `shared/[name]${EXTENSIONS[format].js}`,
    // Jest runs CommonJS where `import()` does not exist: there a late import is a late require.
    dynamicImportInCjs: false,
  });
  await bundled.close();
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

/**
 * Copies the declarations; tsc leaves their relative specifiers as the sources have them.
 *
 * @param {import('./workspace.mjs').Package} package_
 * @param {Format} format
 */
async function declare(package_, format) {
  const { js, types } = EXTENSIONS[format];
  for (const [module, declaration] of await declarationsOf(package_)) {
    const target = `${package_.directory}dist/${module}${types}`;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, declaration.replace(RELATIVE_SPECIFIER, `$1$2${js}$1`));
  }
}

/**
 * The declarations that a package's entries need, by module: those that no user's compiler would read are left out.
 *
 * @param {import('./workspace.mjs').Package} package_
 * @returns {Promise<ReadonlyMap<string, string>>} For example `index` and its text.
 */
async function declarationsOf(package_) {
  const declarations = new Map();
  const wanted = Object.keys(entriesOf(package_));
  for (const module of wanted) {
    if (declarations.has(module)) continue;
    const declaration = await readFile(`${package_.directory}.tsc/${module}.d.ts`, 'utf8');
    declarations.set(module, declaration);
    for (const [, , specifier = ''] of declaration.matchAll(RELATIVE_SPECIFIER)) {
      wanted.push(posix.join(dirname(module), specifier));
    }
  }
  return declarations;
}

async function typescriptExamples() {
  const examples = await readdir(`${root}examples`);
  return examples.map((name) => `examples/${name}`).filter((example) => existsSync(`${root}${example}/tsconfig.json`));
}
