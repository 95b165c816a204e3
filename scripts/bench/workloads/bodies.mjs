// One large body: plain lines, lines that are all dot-stuffed, and lines that are nothing but dots.
import { largeBody, SLAB } from '../load/mail.mjs';
import { discarding } from './entrants.mjs';
import { byRawClient, throughput } from './throughput.mjs';

/** @typedef {import('../workload.mjs').Workload} Workload */

/** Octets. */
const MEGABYTE = 1e6;
const SLABS = 256;

const KINDS = /** @type {const} */ ([
  ['plain', 'plain lines'],
  ['dotted', 'every line dot-stuffed'],
  ['storm', 'every line is `..`'],
]);

/** @type {readonly Workload[]} */
export const bodies = KINDS.map(([kind, lines]) =>
  throughput({
    name: `body-${kind}`,
    title: `One body of up to ${SLABS} MiB, ${lines}`,
    unit: 'octet',
    scale: MEGABYTE,
    rateUnit: 'MB/s',
    entrants: discarding,
    drive: byRawClient((port, units) => ({
      kind: 'conversation',
      port,
      connections: 1,
      opening: [],
      steps: largeBody(kind, units / SLAB),
      rounds: 1,
    })),
    grain: SLAB,
    least: SLAB,
    most: SLABS * SLAB,
  }),
);
