import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, root } from './workspace.mjs';

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/client-reactions.md',
  'docs/clients.md',
  'docs/compatibility.md',
  'docs/faults.md',
  'docs/differences.md',
  'docs/hostile-input.md',
  'docs/violations.md',
  ...packages.map(({ directory }) => `${directory.slice(root.length)}README.md`),
];

test.each(documents)('%s points at what is there', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => join(dirname(document), target!));
  expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});
