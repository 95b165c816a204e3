// Where the programs of a machine are.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DIRECTORIES = [
  ...(process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== ''),
  // Where Debian has the programs of administrators, which no user's `PATH` need name.
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
];

/** A `PATH` that has the programs of administrators too. */
export const searchPath = DIRECTORIES.join(delimiter);

/**
 * Where a program is, `undefined` where it is not installed.
 *
 * @param {string} program
 */
export function pathOf(program) {
  return DIRECTORIES.map((directory) => join(directory, program)).find((path) => existsSync(path));
}
