// What a workload is, what it is given, and what it comes to, in a shape that tables, pages and targets all read.
import { exponent, median } from './measure.mjs';

/** @typedef {import('./measure.mjs').Better} Better */
/** @typedef {import('./measure.mjs').Point} Point */

/**
 * @typedef {object} Measure One quantity of all contestants.
 * @property {string} key Its name for the targets.
 * @property {string} unit
 * @property {Better} better
 * @property {readonly { readonly name: string, readonly values: readonly number[] }[]} series A value for each round.
 */

/**
 * @typedef {object} Curve How a cost grows.
 * @property {string} key
 * @property {string} title
 * @property {string} x What there is more and more of.
 * @property {string} y The cost, with its unit.
 * @property {string} name Whose it is.
 * @property {readonly Point[]} points
 * @property {'linear' | 'constant'} limit How fast it may grow.
 */

/**
 * @typedef {object} Outcome
 * @property {string} name
 * @property {string} title
 * @property {readonly Measure[]} measures
 * @property {readonly Curve[]} curves
 * @property {readonly string[]} notes
 */

/**
 * @typedef {object} Bench
 * @property {boolean} quick
 * @property {import('./race.mjs').Pace} pace Of throughput.
 * @property {string} peers The folder where the peers are installed.
 * @property {boolean} postfix Whether there is smtp-source, and smtp-sink.
 * @property {import('./load/raw-client.mjs').RawClient} client
 * @property {{ key: string, cert: string }} certificate For localhost, signed by itself.
 */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} title
 * @property {(bench: Bench) => Promise<Partial<Outcome>>} run
 */

/** Ends the titles of workloads where smtp-server's pause before the greeting is most of the time. */
export const PAUSED = '†';

/** Exponents above which a cost grows faster than it may: what is beyond the limit itself is noise. */
const LIMITS = { linear: 1.1, constant: 0.15 };

/**
 * The median of a contestant's rounds.
 *
 * @param {readonly Outcome[]} outcomes
 * @param {string} name Of the workload.
 * @param {string} key Of the measure.
 * @param {string} contestant
 * @returns {number} NaN where it was not measured.
 */
export function middleOf(outcomes, name, key, contestant) {
  const measure = outcomes.find((outcome) => outcome.name === name)?.measures.find((one) => one.key === key);
  return median(measure?.series.find((one) => one.name === contestant)?.values ?? []);
}

/** Of fewer points an exponent is mostly noise. */
const TELLING = 3;

/**
 * The exponent of a curve's larger half, where costs that don't grow weigh little.
 *
 * @param {Curve} curve
 */
export function growthOf(curve) {
  return exponent(largerHalf(curve));
}

/**
 * What {@link growthOf} is the exponent of.
 *
 * @param {Curve} curve
 * @returns {{ from: Point, to: Point }}
 */
export function endsOf(curve) {
  const half = largerHalf(curve);
  const from = half[0] ?? [Number.NaN, Number.NaN];
  return { from, to: half.at(-1) ?? from };
}

/**
 * @param {Curve} curve
 * @returns {boolean | null} Whether it grows faster than it may; `null` where it has too few points to tell.
 */
export function isDefect(curve) {
  return largerHalf(curve).length < TELLING ? null : growthOf(curve) > LIMITS[curve.limit];
}

/** @param {Curve} curve */
function largerHalf({ points }) {
  return points.slice(Math.floor((points.length - 1) / 2));
}
