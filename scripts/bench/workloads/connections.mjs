// Connections without messages, in clear text and under TLS.
import { PAUSED } from '../workload.mjs';
import { discarding, securing } from './entrants.mjs';
import { byRawClient, throughput } from './throughput.mjs';

/** @typedef {import('../workload.mjs').Bench} Bench */
/** @typedef {import('../workload.mjs').Workload} Workload */

/** @param {boolean} resume */
const handshakes = (resume) => (/** @type {Bench} */ bench) =>
  byRawClient((port, rounds) => ({
    kind: 'visits',
    port,
    connections: 4,
    steps: [],
    rounds,
    tls: { ca: bench.certificate.cert, resume },
  }))(bench);

/** @type {readonly Workload[]} */
export const connections = [
  throughput({
    name: 'connections',
    title: `Connect, EHLO, QUIT, a hundred in flight ${PAUSED}`,
    unit: 'connection',
    entrants: discarding,
    drive: byRawClient((port, rounds) => ({ kind: 'visits', port, connections: 100, steps: [], rounds })),
    least: 100,
    most: 10_000,
  }),
  throughput({
    name: 'starttls',
    title: `STARTTLS: full handshakes (TLS 1.3, P-256), verified, four in flight ${PAUSED}`,
    unit: 'handshake',
    entrants: securing,
    drive: handshakes(false),
    least: 8,
    most: 5_000,
  }),
  throughput({
    name: 'starttls-resumed',
    title: `STARTTLS: sessions resumed by ticket, four in flight ${PAUSED}`,
    unit: 'handshake',
    entrants: securing,
    drive: handshakes(true),
    least: 8,
    most: 5_000,
  }),
];
