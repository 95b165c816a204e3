// Plots, drawn by hand: bars that compare, and curves on logarithmic scales.
import { summarize } from '../measure.mjs';
import { endsOf, growthOf } from '../workload.mjs';
import { figure } from './figures.mjs';

/** @typedef {import('../workload.mjs').Curve} Curve */
/** @typedef {import('../workload.mjs').Measure} Measure */

const WIDTH = 560;
const ROW = 24;
const LABEL = 130;
const VALUE = 90;

/**
 * A bar for each contestant, as long as its median, with a line from the worst to the best round.
 *
 * @param {Measure} measure
 * @param {(name: string) => string} kind The class of a contestant's bar.
 */
export function bars({ series, better, unit }, kind) {
  const greatest = Math.max(...series.flatMap(({ values }) => values));
  const length = (/** @type {number} */ value) => (value / greatest) * (WIDTH - LABEL - VALUE);
  const rows = series.map(({ name, values }, row) => {
    const { median } = summarize(values, better);
    const y = row * ROW;
    const [from, to] = [LABEL + length(Math.min(...values)), LABEL + length(Math.max(...values))];
    return `<text class="label" x="${LABEL - 8}" y="${y + 16}">${escape(name)}</text>
<rect class="bar ${kind(name)}" x="${LABEL}" y="${y + 4}" width="${px(Math.max(1, length(median)))}" height="${ROW - 8}"/>
<path class="range" d="M${px(from)} ${y + ROW / 2}H${px(to)}"/>
<text class="value" x="${px(Math.max(to, LABEL + length(median)) + 6)}" y="${y + 16}">${figure(median)}</text>`;
  });
  return svg(WIDTH, series.length * ROW, `${unit}, ${better} is better`, rows.join('\n'));
}

const PLOT = { width: 360, height: 240, left: 58, right: 28, top: 12, bottom: 40 };

/**
 * Both axes logarithmic; a dashed line shows linear growth from the first point, where so much is allowed.
 *
 * @param {Curve} curve
 */
export function plot(curve) {
  const { points, x, y, title, limit } = curve;
  const { from, to } = endsOf(curve);
  const first = points[0] ?? [1, 1];
  const last = points.at(-1) ?? first;
  const linear = /** @type {const} */ ([last[0], (first[1] * last[0]) / first[0]]);
  const xs = scale([first[0], last[0]], PLOT.left, PLOT.width - PLOT.right);
  // Beside a straight rise what is constant could not be seen.
  const rising = limit === 'linear';
  const ys = scale(
    [...points.map(([, cost]) => cost), ...(rising ? [linear[1]] : [])],
    PLOT.height - PLOT.bottom,
    PLOT.top,
  );
  const at = (/** @type {readonly [number, number]} */ [a, b]) => `${px(xs.place(a))} ${px(ys.place(b))}`;
  const parts = [
    ...xs.ticks.map(
      (tick) =>
        `<path class="grid" d="M${px(xs.place(tick))} ${PLOT.top}V${PLOT.height - PLOT.bottom}"/><text class="tick" text-anchor="middle" x="${px(xs.place(tick))}" y="${PLOT.height - PLOT.bottom + 15}">${tick.toLocaleString('en')}</text>`,
    ),
    ...ys.ticks.map(
      (tick) =>
        `<path class="grid" d="M${PLOT.left} ${px(ys.place(tick))}H${PLOT.width - PLOT.right}"/><text class="tick" text-anchor="end" x="${PLOT.left - 6}" y="${px(ys.place(tick) + 4)}">${tick.toLocaleString('en')}</text>`,
    ),
    ...(rising ? [`<path class="linear" d="M${at(first)}L${at(linear)}"/>`] : []),
    `<path class="curve" d="M${points.map(at).join('L')}"/>`,
    ...points.map(
      (point) => `<circle class="point" cx="${px(xs.place(point[0]))}" cy="${px(ys.place(point[1]))}" r="3"/>`,
    ),
    `<text class="tick" text-anchor="middle" x="${(PLOT.left + PLOT.width) / 2}" y="${PLOT.height - 6}">${escape(x)}</text>`,
    `<text class="exponent" x="${PLOT.left + 8}" y="${PLOT.top + 16}">exponent ${growthOf(curve).toFixed(2)} from ${from[0].toLocaleString('en')} to ${to[0].toLocaleString('en')}</text>`,
  ];
  return svg(PLOT.width, PLOT.height, `${title}: ${y}`, parts.join('\n'));
}

/**
 * @param {readonly number[]} values Above zero.
 * @param {number} from Where the least is drawn.
 * @param {number} to Where the greatest is.
 */
function scale(values, from, to) {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  // What is nearly constant is drawn as nearly flat.
  const margin = Math.max(0, 1 - (high - low)) / 2;
  const [start, end] = [low - margin, high + margin];
  const steps = end - start < 1.5 ? [1, 2, 5] : [1];
  const ticks = Array.from({ length: 16 }, (_, decade) => steps.map((step) => step * 10 ** (decade - 6))).flat();
  return {
    place: (/** @type {number} */ value) => from + ((Math.log10(value) - start) / (end - start)) * (to - from),
    ticks: ticks.filter((tick) => Math.log10(tick) >= start - 1e-9 && Math.log10(tick) <= end + 1e-9),
  };
}

/**
 * @param {number} width
 * @param {number} height
 * @param {string} title
 * @param {string} content
 */
function svg(width, height, title, content) {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img"><title>${escape(title)}</title>\n${content}\n</svg>`;
}

/** @param {number} value */
const px = (value) => value.toFixed(1);

/** @param {string} text */
export const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
