// Measures the servers against the peers and against the targets: `--quick` in two minutes, `--only NAME` a single workload.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../workspace.mjs';
import { RawClient } from './load/raw-client.mjs';
import { machine } from './machine.mjs';
import { page } from './report/html.mjs';
import { LEGEND, QUICK } from './report/legend.mjs';
import { columns, outcomeText } from './report/table.mjs';
import { judge, tally, VERDICT_HEAD, verdictRows } from './report/targets.mjs';
import { build, installPeers, installPostfix, makeCertificate, versions } from './setup.mjs';
import { WORKLOADS } from './workloads/workloads.mjs';

/** @typedef {import('./workload.mjs').Outcome} Outcome */

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: `${root}node_modules/.cache/mailrig-bench/report` },
  },
});
const { quick, only, out } = values;
const unknown = only.filter((name) => !WORKLOADS.some((workload) => workload.name === name));
if (unknown.length > 0) {
  throw new RangeError(`--only ${unknown.join(', ')}: there are ${WORKLOADS.map(({ name }) => name).join(', ')}.`);
}
const workloads = WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name));

const about = machine();
console.log(about.description);
if (!about.quiet) console.warn('This machine is not quiet: compare within this run only, and by CPU.');
await build();
const bench = {
  quick,
  pace: quick ? { rounds: 3, seconds: 0.1, warmUp: 0.3 } : { rounds: 7, seconds: 0.4, warmUp: 1 },
  peers: await installPeers(),
  postfix: await installPostfix(),
  certificate: await makeCertificate(),
};
if (!bench.postfix) console.warn('In the place of smtp-source the raw client sends; nobody stands for smtp-sink.');
/** @type {Outcome[]} */
const outcomes = [];
const date = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const started = performance.now();
for (const workload of workloads) {
  const outcome = await outcomeOf(workload);
  outcomes.push(outcome);
  console.log(outcomeText(outcome));
}
const seconds = Math.round((performance.now() - started) / 1_000);
const verdicts = judge(outcomes);
const { rounds, seconds: length } = bench.pace;
const head = [
  `${about.description}${about.quiet ? '' : ' (NOT QUIET)'}; ${outcomes.length} workloads in ${seconds} s`,
  await versions(),
  `${date}; ${rounds} rounds of ${length} s for each rate`,
];
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'bench.html'), page(outcomes, verdicts, { quick, head }));
const json = JSON.stringify({ about: head.join('; '), quick, outcomes, verdicts }, rounded);
writeFileSync(join(out, 'bench.json'), json);
// For programs; it would push the tables off a person's terminal.
if (!process.stdout.isTTY) console.log(`\n${json}`);

console.log(`\n▸ To read the figures\n${LEGEND.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n▸ Targets${quick ? `. ${QUICK}` : ''}`);
console.log(columns([VERDICT_HEAD, ...verdictRows(verdicts)], VERDICT_HEAD.length));
console.log(`  ${tally(verdicts)}${quick ? ' (--quick)' : ''}`);
console.log(`\n${head.join('\n')}\nThe page: ${join(out, 'bench.html')}, the same as JSON: ${join(out, 'bench.json')}`);

/**
 * One that fails does not cost the others theirs.
 *
 * @param {import('./workload.mjs').Workload} workload
 * @returns {Promise<Outcome>}
 */
async function outcomeOf({ name, title, run }) {
  const client = new RawClient();
  const began = performance.now();
  try {
    const result = await run({ ...bench, client });
    const took = `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    return { name, title, measures: [], curves: [], ...result, notes: [...(result.notes ?? []), took] };
  } catch (error) {
    process.exitCode = 1;
    return { name, title, measures: [], curves: [], notes: [`FAILED: ${String(error)}`] };
  } finally {
    await client.stop();
  }
}

/**
 * Five digits are more than any of it is worth.
 *
 * @param {string} _key
 * @param {unknown} value
 */
function rounded(_key, value) {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
