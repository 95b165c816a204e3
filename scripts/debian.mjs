// Debian's packages, for what is tested with programs that npm does not have.
import { pathOf } from './programs.mjs';
import { run } from './workspace.mjs';

/** Nobody's own machine is changed unasked. */
const MAY_INSTALL = process.env.CI !== undefined || process.argv.includes('--install');

/**
 * Installs what is missing, where that may be and can be done: on a build server or with `--install`, on Debian, as root. Nothing
 * that is installed is started. What stays missing is said aloud, and left to the tests, which skip what they can't run.
 *
 * @param {Readonly<Record<string, string>>} programs The package of each program, and behind it, with spaces between, what that needs
 *   beyond what it depends on.
 */
export async function provide(programs) {
  if (MAY_INSTALL && isInstalled('apt-get') && process.getuid?.() === 0) await install(await missingPackages(programs));
  for (const [program, packages] of Object.entries(programs)) {
    if (isInstalled(program)) continue;
    const remedy = MAY_INSTALL ? '' : ', which --install installs as root';
    console.warn(
      `There is no ${program} on this machine (Debian's package ${packages}${remedy}): its tests are skipped.`,
    );
  }
}

/** @param {Readonly<Record<string, string>>} programs */
async function missingPackages(programs) {
  const missing = new Set();
  for (const [program, packages] of Object.entries(programs)) {
    const [own = program, ...others] = packages.split(' ');
    // A program may be there without Debian's package.
    if (!isInstalled(program)) missing.add(own);
    for (const other of others) if (!(await isPackageInstalled(other))) missing.add(other);
  }
  return [...missing];
}

/** @param {string} name */
async function isPackageInstalled(name) {
  const { output } = await run('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], { quiet: true });
  return output === 'installed';
}

/** @param {readonly string[]} packages */
async function install(packages) {
  if (packages.length === 0) return;
  console.log(`\n▸ install ${packages.join(', ')}`);
  // debconf asks nothing. No daemon is started: not by invoke-rc.d(8), which asks for the runlevel, nor by systemd.
  const apt = ['DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'SYSTEMD_OFFLINE=1', 'apt-get', '-qq', '-y'];
  for (const how of [['update'], ['install', '--no-install-recommends', ...packages]]) {
    const { ok, output } = await run('env', [...apt, ...how], { quiet: true });
    if (!ok) console.warn(output);
  }
}

/** @param {string} program */
const isInstalled = (program) => pathOf(program) !== undefined;
