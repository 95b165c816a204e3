// Builds what is published (packages/*/dist) and the example applications: tsc for the types, rolldown for the JavaScript.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rolldown } from 'rolldown';
import { bin, entriesOf, isDual, packages, root, run } from './workspace.mjs';

/** @typedef {'esm' | 'cjs'} Format */

const EXTENSIONS = {
  esm: { js: '.js', types: '.d.ts' },
  cjs: { js: '.cjs', types: '.d.cts' },
};

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
  const { directory } = package_;
  /** @type {Format[]} */
  const formats = isDual(package_) ? ['esm', 'cjs'] : ['esm'];
  await rm(`${directory}dist`, { recursive: true, force: true });
  await Promise.all(formats.flatMap((format) => [bundle(package_, format), declare(directory, format)]));
}

/**
 * @param {import('./workspace.mjs').Package} package_
 * @param {Format} format
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
    transform: { target: 'node20' },
  });
  await bundled.write({
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
}

/**
 * Copies the declarations; tsc leaves their relative specifiers as the sources have them.
 *
 * @param {string} directory
 * @param {Format} format
 */
async function declare(directory, format) {
  const { js, types } = EXTENSIONS[format];
  for (const module of await publicModules(directory)) {
    const declaration = await readFile(`${directory}.tsc/${module}.d.ts`, 'utf8');
    const target = `${directory}dist/${module}${types}`;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, declaration.replace(/(["'])(\.\.?\/[^"'\n]+)\.ts\1/g, `$1$2${js}$1`));
  }
}

/**
 * The modules of a package's sources, tests and their aids left out.
 *
 * @param {string} directory
 */
async function publicModules(directory) {
  const files = await readdir(`${directory}src`, { recursive: true });
  return files
    .filter((file) => file.endsWith('.ts') && !/\.test(-d)?\.ts$|(^|\/)(testing|contract)\//.test(file))
    .map((file) => file.slice(0, -'.ts'.length));
}

async function typescriptExamples() {
  const examples = await readdir(`${root}examples`);
  return examples.map((name) => `examples/${name}`).filter((example) => existsSync(`${root}${example}/tsconfig.json`));
}
