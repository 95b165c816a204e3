// Commands without messages: NOOP, and recipients by the thousand.
import { NOOP, recipients } from '../load/mail.mjs';
import { discarding } from './entrants.mjs';
import { byRawClient, throughput } from './throughput.mjs';

/** @typedef {import('../workload.mjs').Workload} Workload */

/** In one transaction. */
const RECIPIENTS = 10_000;
const TRANSACTION = recipients(RECIPIENTS);

/** @type {readonly Workload[]} */
export const commands = [
  throughput({
    name: 'noop',
    title: 'NOOP, ten connections',
    unit: 'command',
    entrants: discarding,
    drive: byRawClient((port, rounds) => ({
      kind: 'conversation',
      port,
      connections: 10,
      opening: [],
      steps: NOOP,
      rounds,
    })),
    least: 500,
    most: 100_000,
  }),
  throughput({
    name: 'recipients',
    title: `${RECIPIENTS.toLocaleString('en')} recipients of a transaction, pipelined`,
    unit: 'recipient',
    entrants: discarding,
    drive: byRawClient((port, units) => ({
      kind: 'conversation',
      port,
      connections: 1,
      opening: [],
      steps: TRANSACTION,
      rounds: units / RECIPIENTS,
    })),
    grain: RECIPIENTS,
    least: RECIPIENTS,
    most: 100 * RECIPIENTS,
  }),
];
