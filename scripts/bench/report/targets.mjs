// What was to be reached, row by row.
import { PAUSED } from '../workload.mjs';
import { growthTarget, limitTarget, rateTarget, recordingTarget, resumptionTarget } from './verdicts.mjs';

/** @typedef {import('../workload.mjs').Outcome} Outcome */
/** @typedef {import('./verdicts.mjs').Verdict} Verdict */

const FIXTURE = ['fixture'];
const FIXTURES = ['fixture, no TLS', 'fixture, STARTTLS'];

/** @type {readonly import('./verdicts.mjs').Target[]} */
const TARGETS = [
  rateTarget({
    name: 'new-connection-1',
    what: `new connection for each message, 1 client ${PAUSED}`,
    times: 100,
    ofCeiling: 1,
  }),
  rateTarget({ name: 'new-connection-10', what: `… 10 clients ${PAUSED}`, times: 60 }),
  rateTarget({ name: 'new-connection-100', what: `… 100 clients ${PAUSED}`, times: 8, cpu: 150 }),
  rateTarget({ name: 'steady', what: 'steady', cpuTimes: 1.6, cpu: 35, aimCpu: 30 }),
  rateTarget({ name: 'pipelined', what: 'pipelined', rate: 45_000, times: 3, cpuTimes: 3.5, ofCeiling: 0.8 }),
  rateTarget({ name: 'connections', what: `connections, 100 in flight ${PAUSED}`, times: 12, cpuTimes: 4 }),
  rateTarget({ name: 'noop', what: 'NOOP', times: 1.25, ofCeiling: 1 }),
  rateTarget({ name: 'starttls', what: `STARTTLS, full handshakes ${PAUSED}`, cpuTimes: 1.9 }),
  resumptionTarget,
  rateTarget({ name: 'body-plain', what: 'body, plain (MB)', rate: 1_500, times: 4.5, ofCeiling: 1 }),
  rateTarget({ name: 'body-dotted', what: 'body, dotted (MB)', times: 10, ofCeiling: 1 }),
  rateTarget({ name: 'body-storm', what: 'body, `..` storm (MB)', times: 50, ofCeiling: 1 }),
  rateTarget({ name: 'recipients', what: '10,000 recipients', times: 5 }),
  limitTarget({
    name: 'idle-connections',
    key: 'resident',
    what: 'memory of an idle connection',
    who: ['SMTPServer', 'Listener', 'fixture'],
    unit: 'KB',
    limit: 7,
    aim: 4,
  }),
  limitTarget({
    name: 'recorded',
    key: 'retained',
    what: 'memory of a recorded message of 1 KB, wire only',
    who: ['fixture, wire only'],
    unit: 'KB',
    limit: 3.4,
  }),
  limitTarget({
    name: 'recorded',
    key: 'retained',
    what: '… with session and transcript',
    who: FIXTURE,
    unit: 'KB',
    limit: 6,
  }),
  limitTarget({
    name: 'cold-start',
    key: 'total',
    what: 'import + first start + first mail + stop',
    who: ['fixture, no TLS'],
    unit: 'ms',
    limit: 20,
  }),
  limitTarget({
    name: 'cold-start',
    key: 'total',
    what: '… with a fresh authority and leaf, STARTTLS verified',
    who: ['fixture, STARTTLS'],
    unit: 'ms',
    limit: 130,
    aim: 60,
  }),
  limitTarget({
    name: 'cold-start',
    key: 'nextStart',
    what: 'the next start in the process',
    who: FIXTURES,
    unit: 'ms',
    limit: 3,
    aim: 1,
  }),
  limitTarget({
    name: 'cold-start',
    key: 'stopIdle',
    what: 'stop() with an idle client',
    who: FIXTURES,
    unit: 'ms',
    limit: 5,
  }),
  limitTarget({
    name: 'cold-start',
    key: 'stopData',
    what: 'stop() with a client in mid-DATA',
    who: FIXTURES,
    unit: 'ms',
    limit: 5,
  }),
  limitTarget({
    name: 'cold-start',
    key: 'sendMail',
    what: "nodemailer's sendMail over a new connection",
    who: FIXTURES,
    unit: 'ms',
    limit: 6,
    aim: 3,
  }),
  recordingTarget('fixture', [
    [0.5, 'smtp-server'],
    [3, 'smtp-tester'],
    [6, 'maildev'],
  ]),
  recordingTarget('fixture, lazy', [[1.2, 'smtp-server']], 0.6),
  limitTarget({
    name: 'large-message',
    key: 'peak',
    what: 'a message of 25 MB: peak',
    who: FIXTURE,
    unit: '× its size',
    limit: 3,
  }),
  limitTarget({
    name: 'large-message',
    key: 'rest',
    what: '… at rest',
    who: FIXTURE,
    unit: '× its size',
    limit: 1.1,
  }),
  limitTarget({
    name: 'large-message',
    key: 'pause',
    what: '… longest pause of the event loop',
    who: FIXTURE,
    unit: 'ms',
    limit: 20,
  }),
  growthTarget,
];

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Verdict[]} Of those targets whose workload has run.
 */
export function judge(outcomes) {
  return TARGETS.flatMap((target) => target(outcomes)).filter(({ measured }) => measured !== '');
}

/**
 * @param {Verdict} verdict
 * @returns {boolean | null} Whether all that was to be reached at least is; `null` where nothing tells.
 */
export function isMet({ atLeast }) {
  const told = atLeast.filter(({ met }) => met !== null);
  return told.length === 0 ? null : told.every(({ met }) => met);
}

/**
 * @param {readonly Verdict[]} verdicts
 * @returns {string} How many are met, of how many.
 */
export function tally(verdicts) {
  const told = verdicts.map(isMet).filter((met) => met !== null);
  const untold = verdicts.length - told.length;
  return `${told.filter(Boolean).length} of ${told.length} met${untold === 0 ? '' : `, ${untold} without a verdict`}`;
}

/**
 * A row for each verdict: what, whose, measured, at least, met, aim, met.
 *
 * @param {readonly Verdict[]} verdicts
 * @returns {string[][]}
 */
export function verdictRows(verdicts) {
  return verdicts.map((verdict) => [
    verdict.what,
    verdict.who,
    verdict.measured,
    verdict.atLeast.map(({ text, met }) => (met === false ? `${text} ✗` : text)).join(', '),
    wordOf(isMet(verdict), 'NOT MET'),
    verdict.aim?.text ?? '',
    wordOf(verdict.aim?.met ?? null, 'not met'),
  ]);
}

/**
 * @param {boolean | null} met
 * @param {string} missed What it is called if not.
 */
const wordOf = (met, missed) => (met === null ? '' : met ? 'met' : missed);

/** What the columns of these rows are. */
export const VERDICT_HEAD = ['target', 'whose', 'measured', 'at least', '', 'aim', ''];
