// What a package exports is a promise: a new name is a decision, a missing one a breaking change.
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { packages } from './workspace.mjs';

for (const { directory, manifest } of packages) {
  test(`${manifest.name} exports these names`, async () => {
    expect(await exportsOf(directory)).toMatchSnapshot();
  });
}

/** Bundles and does not import: a runner's package can only be imported by its runner. */
async function exportsOf(directory: string): Promise<readonly string[]> {
  const bundle = await rolldown({
    cwd: directory,
    input: 'src/index.ts',
    platform: 'node',
    external: (specifier) => /^[^./]/.test(specifier) && !specifier.startsWith('@mailrig/'),
    resolve: { conditionNames: ['@mailrig/source'] },
  });
  const { output } = await bundle.generate();
  await bundle.close();
  return output[0].exports.toSorted();
}
