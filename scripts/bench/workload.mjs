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

/**
 * The exponent of a curve's larger half, where costs that don't grow weigh little.
 *
 * @param {Curve} curve
 */
export function growthOf({ points }) {
  return exponent(points.slice(Math.floor((points.length - 1) / 2)));
}

/**
 * @param {Curve} curve
 * @returns {boolean} Whether it grows faster than it may.
 */
export function isDefect(curve) {
  return growthOf(curve) > LIMITS[curve.limit];
}
