// What is said of a series of measurements: numbers in, numbers out.

/**
 * @typedef {object} Summary What a series comes to.
 * @property {number} median
 * @property {number} best The least or the greatest, by what is better.
 * @property {number} spread How far the middle half lies apart, as a share of the median.
 */

/** @typedef {'more' | 'less'} Better Which is better, a greater number or a smaller one. */

/**
 * The middle value; of an even count, the mean of the two in the middle.
 *
 * @param {readonly number[]} values
 * @returns {number} NaN of none.
 */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Interpolates linearly between the two nearest values.
 *
 * @param {readonly number[]} values
 * @param {number} share From 0, the least, to 1, the greatest.
 * @returns {number} NaN of none.
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * @param {readonly number[]} values
 * @param {Better} better
 * @returns {Summary}
 */
export function summarize(values, better) {
  const middle = median(values);
  return {
    median: middle,
    best: better === 'more' ? Math.max(...values) : Math.min(...values),
    spread: (quantile(values, 0.75) - quantile(values, 0.25)) / middle,
  };
}

/**
 * The power by which `y` grows with `x`: the slope of the straight line that fits the logarithms best.
 *
 * @param {readonly Point[]} points Above zero in both.
 * @returns {number} 1 for linear growth, 2 for quadratic, 0 for none; NaN of fewer than two different `x`.
 *
 * @typedef {readonly [x: number, y: number]} Point
 */
export function exponent(points) {
  const logarithms = points.map(([x, y]) => /** @type {const} */ ([Math.log(x), Math.log(y)]));
  const meanX = mean(logarithms.map(([x]) => x));
  const meanY = mean(logarithms.map(([, y]) => y));
  const covariance = logarithms.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = logarithms.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}

/**
 * Whole numbers at even distances on a logarithmic scale, both ends among them.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} count At least 2.
 */
export function logarithmicSteps(from, to, count) {
  const ratio = (to / from) ** (1 / (count - 1));
  return Array.from({ length: count }, (_, step) => Math.round(from * ratio ** step));
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
