// Messages of 1 KB: over connections of their own, over kept ones, and pipelined.
import { PIPELINED, PIPELINED_OPENING, STEADY } from '../load/mail.mjs';
import { PAUSED } from '../workload.mjs';
import { discarding, RECORDING } from './entrants.mjs';
import { byRawClient, bySmtpSource, throughput } from './throughput.mjs';

/** @typedef {import('../workload.mjs').Workload} Workload */

const unit = 'message';
const CLIENTS = 10;

/** @param {number} clients */
const newConnection = (clients) =>
  throughput({
    name: `new-connection-${clients}`,
    title: `A new connection for each message of 1 KB, ${clients} at a time (smtp-source) ${PAUSED}`,
    unit,
    entrants: discarding,
    drive: bySmtpSource(clients, false),
    least: clients,
    most: 20_000,
  });

/** @type {readonly Workload[]} */
export const messages = [
  newConnection(1),
  newConnection(10),
  newConnection(100),
  throughput({
    name: 'kept',
    title: '1 KB, ten connections that are kept (smtp-source)',
    unit,
    entrants: (bench) => [...discarding(bench), ...RECORDING],
    drive: bySmtpSource(CLIENTS, true),
    // The peers make everybody wait for 100 ms at the greeting, once a lap.
    stretch: 2,
    least: 100,
    most: 50_000,
  }),
  throughput({
    name: 'steady',
    title: '1 KB, ten connections, the clock starts after EHLO',
    unit,
    entrants: discarding,
    drive: byRawClient((port, rounds) => ({
      kind: 'conversation',
      port,
      connections: CLIENTS,
      opening: [],
      steps: STEADY,
      rounds,
    })),
    least: 100,
    most: 50_000,
  }),
  throughput({
    name: 'pipelined',
    title: '1 KB, ten connections, pipelined (RFC 2920)',
    unit,
    entrants: (bench) => [...discarding(bench), ...RECORDING],
    drive: byRawClient((port, rounds) => ({
      kind: 'conversation',
      port,
      connections: CLIENTS,
      opening: [PIPELINED_OPENING],
      steps: PIPELINED,
      rounds,
    })),
    least: 100,
    most: 90_000,
  }),
];
