// What a package exports is a promise: a new name is a decision, a missing one a breaking change.
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { entriesOf, packages } from './workspace.mjs';

for (const package_ of packages) {
  const { directory, manifest } = package_;
  for (const [entry, source] of Object.entries(entriesOf(package_))) {
    const name = entry === 'index' ? manifest.name : `${manifest.name}/${entry}`;
    test(`${name} exports these names`, async () => {
      expect(await exportsOf(directory, source)).toMatchSnapshot();
    });
  }
}

/** Bundles and does not import: a runner's package can only be imported by its runner. */
async function exportsOf(directory: string, input: string): Promise<readonly string[]> {
  const bundle = await rolldown({
    cwd: directory,
    input,
    platform: 'node',
    external: (specifier) => /^[^./]/.test(specifier) && !specifier.startsWith('@mailrig/'),
    resolve: { conditionNames: ['@mailrig/source'] },
  });
  const { output } = await bundle.generate();
  await bundle.close();
  return output[0].exports.toSorted();
}
