// For `setupFilesAfterEnv`: the matchers in every test file, on the global `expect` and on that of `@jest/globals`, which share them.
// oxlint-disable-next-line import/no-unassigned-import -- it registers them
import './index.ts';
