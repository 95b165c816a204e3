// Everything that must hold before a change goes in: build, checks, the packages' tests and those of the examples.
import { bin, root } from './workspace.mjs';
import { suite } from './suite.mjs';

if (await suite('build', 'node', ['scripts/build.mjs'])) {
  await import('./check.mjs');
  await suite('unit tests', bin('vitest'), ['run', '--config', 'vitest.workspace.ts'], { runner: 'vitest' });
  for (const example of ['signup', 'lmtp', 'nest', 'outbox', 'python', 'shell']) {
    await suite(`example ${example}`, bin('vitest'), ['run'], { runner: 'vitest', cwd: `${root}examples/${example}` });
  }
  await suite('example node-test', 'node', ['--test'], { cwd: `${root}examples/node-test` });
  await suite('example jest', bin('jest'), [], { runner: 'jest', cwd: `${root}examples/jest` });
}
