// An outcome as text: a table for each measure, a line for each curve.
import { median, summarize } from '../measure.mjs';
import { endsOf, growthOf, isDefect } from '../workload.mjs';
import { figure } from './figures.mjs';

/** @typedef {import('../workload.mjs').Measure} Measure */
/** @typedef {import('../workload.mjs').Outcome} Outcome */

/** What everybody is compared with, where it took part. */
const REFERENCE = 'smtp-server';

/** The columns of {@link measureRows} after the name. */
export const MEASURE_HEAD = ['median', 'best', 'spread', `÷ ${REFERENCE}`];

/** @param {Outcome} outcome */
export function outcomeText({ name, title, measures, curves, notes }) {
  const growth = curves.map((curve) => {
    const verdict = isDefect(curve) ? `  ← MORE THAN ${curve.limit.toUpperCase()}` : '';
    return `  ${curve.title}, ${curve.name}, ${curve.y}: ${growthText(curve)}${verdict}`;
  });
  return [`\n▸ ${title} [${name}]`, ...measures.map(measureText), ...growth, ...notes.map((note) => `  ${note}`)].join(
    '\n',
  );
}

/**
 * An exponent, and the ends of what it is of.
 *
 * @param {import('../workload.mjs').Curve} curve
 */
export function growthText(curve) {
  const [from, to] = Object.values(endsOf(curve)).map(([x, cost]) => `${x.toLocaleString('en')} (${figure(cost)})`);
  return `exponent ${growthOf(curve).toFixed(2)} from ${from} to ${to}`;
}

/** @param {Measure} measure */
function measureText(measure) {
  return columns([[measure.unit, ...MEASURE_HEAD], ...measureRows(measure)]);
}

/**
 * A row for each contestant, without its head.
 *
 * @param {Measure} measure
 */
export function measureRows({ series, better }) {
  const reference = median(series.find(({ name }) => name === REFERENCE)?.values ?? []);
  return series.map(({ name, values }) => {
    const { median: middle, best, spread } = summarize(values, better);
    const ratio = Number.isNaN(reference) ? '' : `${figure(middle / reference)} ×`;
    return [name, figure(middle), figure(best), values.length > 1 ? `${(spread * 100).toFixed(0)} %` : '', ratio];
  });
}

/**
 * @param {readonly (readonly string[])[]} rows
 * @param {number} [texts] How many columns are text; the others are numbers.
 */
export function columns(rows, texts = 1) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, at) => (at < texts ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((cells) => `  ${cells.join('  ').trimEnd()}`)
    .join('\n');
}
