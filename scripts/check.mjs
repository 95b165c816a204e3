// The checks that need no test runner, each in any case, so that one does not hide another.
import { suite } from './suite.mjs';
import { bin } from './workspace.mjs';

await suite('format', bin('oxfmt'), ['--check', '.']);
await suite('lint', bin('oxlint'), []);
await suite('types', bin('tsc'), ['-p', '.']);
await suite('unused code', bin('knip'), []);
