// All outcomes as a page by itself, for a person.
import { isDefect } from '../workload.mjs';
import { LEGEND, QUICK } from './legend.mjs';
import { bars, escape, plot } from './svg.mjs';
import { growthText, measureRows, MEASURE_HEAD } from './table.mjs';
import { tally, VERDICT_HEAD, verdictRows } from './targets.mjs';

/** @typedef {import('../workload.mjs').Outcome} Outcome */
/** @typedef {import('./verdicts.mjs').Verdict} Verdict */

const STYLE = `
:root { color-scheme: light dark; --ours: #1769aa; --limit: #9aa3ab; --peer: #d08a2c; --bad: #b3261e; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --ours: #6db3f2; --peer: #e0a95c; --bad: #ff8a80; } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1200px; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .3rem; font-size: 1.15rem; }
table { border-collapse: collapse; font-size: .85rem; margin: .5rem 0; }
th, td { padding: .15rem .7rem .15rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, .verdicts td, .verdicts th { text-align: left; }
.verdicts td { white-space: normal; vertical-align: top; }
.verdicts td:nth-child(5), .verdicts td:nth-child(7) { white-space: nowrap; }
.missed td:nth-child(5), .defect, .quick { color: var(--bad); font-weight: 600; }
.measures, .curves { display: flex; flex-wrap: wrap; gap: 1.2rem 2.5rem; }
figure { margin: 0; } figcaption { font-size: .85rem; font-weight: 600; }
.legend { font-size: .85rem; padding-left: 1.2rem; }
details { font-size: .85rem; } summary { cursor: pointer; opacity: .75; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
.label { text-anchor: end; } .tick { opacity: .75; } .exponent { font-weight: 600 !important; }
.bar.ours { fill: var(--ours); } .bar.limit { fill: var(--limit); } .bar.peer { fill: var(--peer); }
.range { stroke: currentColor; stroke-width: 1.5; } .grid { stroke: var(--line); }
.curve { stroke: var(--ours); stroke-width: 2; fill: none; } .point { fill: var(--ours); }
.linear { stroke: currentColor; stroke-dasharray: 4 4; opacity: .6; }
.key i { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
`;

/**
 * @param {readonly Outcome[]} outcomes
 * @param {readonly Verdict[]} verdicts
 * @param {{ quick: boolean, head: readonly string[] }} about Whether it was `--quick`, and lines on the machine, versions, and the like.
 */
export function page(outcomes, verdicts, { quick, head }) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mailrig: speed and memory</title>
<style>${STYLE}</style>
<h1>Mailrig: speed and memory</h1>
${quick ? `<p class="quick">${escape(QUICK)}</p>\n` : ''}<p>${head.map(escape).join('<br>\n')}</p>
<p class="key">Bars are medians, the lines on them go from the worst round to the best.
<i style="background: var(--ours)"></i>ours <i style="background: var(--peer)"></i>peers <i style="background: var(--limit)"></i>bare node:net, and Postfix's smtp-sink in C</p>
<ul class="legend">
${LEGEND.map((line) => `<li>${escape(line)}</li>`).join('\n')}
</ul>
<h2>Targets: ${tally(verdicts)}${quick ? ' (--quick)' : ''}</h2>
${table(VERDICT_HEAD, verdictRows(verdicts), 'verdicts', (row) => (row[4] === 'NOT MET' ? 'missed' : ''))}
${outcomes.map(section).join('\n')}
</html>
`;
}

/** @param {Outcome} outcome */
function section({ name, title, measures, curves, notes }) {
  return `<section id="${name}"><h2>${escape(title)}</h2>
${notes.map((note) => `<p>${escape(note)}</p>`).join('\n')}
<div class="measures">${measures.map(measureFigure).join('\n')}</div>
<div class="curves">${curves.map(curveFigure).join('\n')}</div></section>`;
}

/** @param {import('../workload.mjs').Measure} measure */
function measureFigure(measure) {
  return `<figure><figcaption>${escape(measure.unit)}, ${measure.better} is better</figcaption>
${bars(measure, kindOf)}
<details><summary>figures</summary>${table(['', ...MEASURE_HEAD], measureRows(measure))}</details></figure>`;
}

/** @param {import('../workload.mjs').Curve} curve */
function curveFigure(curve) {
  const flag = isDefect(curve) ? ` <span class="defect">more than ${curve.limit}</span>` : '';
  return `<figure><figcaption>${escape(curve.y)}: ${growthText(curve)}${flag}</figcaption>${plot(curve)}</figure>`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 * @param {string} [kind]
 * @param {(row: readonly string[]) => string} [rowKind]
 */
function table(head, rows, kind = '', rowKind = () => '') {
  const cells = (/** @type {'td' | 'th'} */ tag, /** @type {readonly string[]} */ row) =>
    row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('');
  const lines = rows.map((row) => `<tr class="${rowKind(row)}">${cells('td', row)}</tr>`);
  return `<table class="${kind}"><tr>${cells('th', head)}</tr>\n${lines.join('\n')}</table>`;
}

/** @param {string} name */
function kindOf(name) {
  if (/^(?:Listener|SMTPServer|fixture|@mailrig)/.test(name)) return 'ours';
  return ['ceiling', 'smtp-sink', 'no server'].includes(name) ? 'limit' : 'peer';
}
