// Debian's packages, for what is tested with programs that npm does not have.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './workspace.mjs';

/** Where Debian has the programs of administrators, which no user's `PATH` need name. */
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/**
 * Installs what is missing, where that can be done: on Debian, as root. Nothing that is installed is started. What stays
 * missing is said aloud, and left to the tests, which skip what they can't run.
 *
 * @param {Readonly<Record<string, string>>} programs The package of each program, or several with a space between.
 */
export async function provide(programs) {
  const wanted = Object.keys(programs).filter((program) => !isInstalled(program));
  if (wanted.length > 0 && isInstalled('apt-get') && process.getuid?.() === 0) {
    await install([...new Set(wanted.flatMap((program) => (programs[program] ?? program).split(' ')))]);
  }
  for (const program of wanted.filter((name) => !isInstalled(name))) {
    console.warn(
      `There is no ${program} on this machine (Debian's package ${programs[program]}): its tests are skipped.`,
    );
  }
}

/** @param {readonly string[]} packages */
async function install(packages) {
  console.log(`\n▸ install ${packages.join(', ')}`);
  // debconf asks nothing, and a package that is not configured starts no daemon.
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'apt-get', '-qq', '-y'];
  const [command = '', ...args] = apt;
  const { ok, output } = await run(command, [...args, 'update'], { quiet: true });
  if (!ok) console.warn(output);
  const installed = await run(command, [...args, 'install', '--no-install-recommends', ...packages], { quiet: true });
  if (!installed.ok) console.warn(installed.output);
}

/**
 * Where a program is, `undefined` where it is not installed.
 *
 * @param {string} program
 */
export function pathOf(program) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_DIRECTORIES];
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path));
}

/** @param {string} program */
const isInstalled = (program) => pathOf(program) !== undefined;
