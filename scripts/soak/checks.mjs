// The closing report: what has to hold after a soak, a line for each, and what was wrong where it does not.

/** @typedef {{ readonly name: string, readonly problems: readonly string[] }} Check */

/** Problems shown of one check. */
const SHOWN = 10;

/**
 * @param {string} name What holds.
 * @param {readonly string[]} problems Why it does not.
 * @returns {Check}
 */
export const check = (name, problems) => ({ name, problems });

/**
 * Prints the checks, and tells whether all of them hold.
 *
 * @param {readonly Check[]} checks
 */
export function report(checks) {
  for (const { name, problems } of checks) {
    console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}`);
    for (const problem of problems.slice(0, SHOWN)) console.log(`    ${problem}`);
    if (problems.length > SHOWN) console.log(`    and ${problems.length - SHOWN} more`);
  }
  return checks.every(({ problems }) => problems.length === 0);
}
