// Whether a consumer compiles, and whose the errors are if it does not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../workspace.mjs';

/**
 * @typedef {object} Verdict
 * @property {readonly string[]} errors As the compiler words them.
 * @property {boolean} ours Whether there are errors that a project without our packages does not have.
 */

/** In a project of the runner's own. */
const IMPORTS = { vitest: 'vitest', jest: '@jest/globals', playwright: '@playwright/test', node: 'node:test' };

/**
 * Compiles all of a consumer with `skipLibCheck: false`. If that fails, so may a project that imports nothing but the runner: then the
 * runner's own types are at fault, and the consumer has to compile where they are not looked at.
 *
 * @param {import('../consumer.mjs').Runner} runner
 * @param {{ cwd: string, compiler: string }} places The consumer, and the directory of a `typescript` package.
 * @returns {Promise<Verdict>}
 */
export async function judgeTypes(runner, { cwd, compiler }) {
  /** @param {readonly string[]} args */
  const errorsOf = async (...args) => {
    const { ok, output } = await run(process.execPath, [join(compiler, 'bin/tsc'), ...args], { cwd, quiet: true });
    const errors = output.split('\n').filter((line) => /\berror TS\d+:/.test(line));
    return ok || errors.length > 0 ? errors : [output];
  };

  const errors = await errorsOf('--project', '.');
  if (errors.length === 0) return { errors, ours: false };

  writeFileSync(join(cwd, 'bare.mts'), `import '${IMPORTS[runner]}';\n`);
  writeFileSync(join(cwd, 'tsconfig.bare.json'), '{ "extends": "./tsconfig.json", "include": ["bare.mts"] }');
  const bare = await errorsOf('--project', 'tsconfig.bare.json');
  const unchecked = await errorsOf('--project', '.', '--skipLibCheck');
  const ours = unchecked.length > 0 || errors.some((error) => !bare.includes(error));
  return { errors, ours };
}
