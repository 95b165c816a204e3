// Kinds of targets: how a figure that was measured is held against one that was to be reached.
import { isDefect, middleOf } from '../workload.mjs';
import { figure } from './figures.mjs';
import { growthText } from './table.mjs';

/** @typedef {import('../workload.mjs').Outcome} Outcome */

/**
 * @typedef {object} Demand One thing that a target asks for.
 * @property {string} text For example `≥ 3 × smtp-server`.
 * @property {boolean | null} met `null` where it was not measured.
 */

/**
 * @typedef {object} Verdict
 * @property {string} what
 * @property {string} who Which of our servers.
 * @property {string} measured
 * @property {readonly Demand[]} atLeast All of them; none where it is a figure and no more.
 * @property {Demand | null} aim
 */

/** @typedef {(outcomes: readonly Outcome[]) => Verdict[]} Target */

const PEER = 'smtp-server';
/** Servers that take messages and throw them away. */
const SERVERS = ['SMTPServer', 'Listener'];

/**
 * @typedef {object} RateTarget
 * @property {string} name Of the workload.
 * @property {string} what
 * @property {number} [times] How many times the rate of the peer.
 * @property {number} [rate] Units per second; either this or `times` is enough.
 * @property {number} [cpuTimes] How many times less CPU than the peer.
 * @property {number} [cpu] Microseconds per unit.
 * @property {number} [ofCeiling] The aim, as a share of the rate of the ceiling.
 * @property {number} [aimCpu] The aim, in microseconds.
 */

/**
 * @param {RateTarget} target
 * @returns {Target}
 */
export function rateTarget({ name, what, times, rate, cpuTimes, cpu, ofCeiling, aimCpu }) {
  return (outcomes) =>
    SERVERS.map((who) => {
      const of = (/** @type {string} */ key, /** @type {string} */ contestant) =>
        middleOf(outcomes, name, key, contestant);
      const ours = { rate: of('rate', who), cpu: of('cpu', who) };
      const peer = { rate: of('rate', PEER), cpu: of('cpu', PEER) };
      const ratio = ours.rate / peer.rate;
      const saving = peer.cpu / ours.cpu;
      const byRate = [
        ...(times === undefined ? [] : [atLeast(ratio, times, `${times} × ${PEER}`)]),
        ...(rate === undefined ? [] : [atLeast(ours.rate, rate, `${figure(rate)} /s`)]),
      ];
      const rates = byRate.length < 2 ? byRate : [either(byRate)];
      const ceiling = of('rate', 'ceiling');
      return {
        what,
        who,
        measured: Number.isNaN(ours.rate)
          ? ''
          : `${figure(ours.rate)} /s (${figure(ratio)} ×), CPU ${figure(ours.cpu)} µs (÷ ${figure(saving)})`,
        atLeast: [
          ...rates,
          ...(cpuTimes === undefined ? [] : [atLeast(saving, cpuTimes, `CPU ÷ ${cpuTimes}`)]),
          ...(cpu === undefined ? [] : [atMost(ours.cpu, cpu, `CPU ${cpu} µs`)]),
        ],
        aim: aim(),
      };

      /** @returns {Demand | null} */
      function aim() {
        if (aimCpu !== undefined) return atMost(ours.cpu, aimCpu, `CPU ${aimCpu} µs`);
        if (ofCeiling === undefined) return null;
        const share = ofCeiling === 1 ? '' : `${ofCeiling} × `;
        return atLeast(ours.rate / ceiling, ofCeiling, `${share}ceiling (${figure(ceiling)} /s)`);
      }
    });
}

/**
 * @typedef {object} LimitTarget
 * @property {string} name Of the workload.
 * @property {string} key Of the measure.
 * @property {string} what
 * @property {readonly string[]} who
 * @property {string} unit
 * @property {number} limit
 * @property {number} [aim]
 */

/**
 * @param {LimitTarget} target
 * @returns {Target}
 */
export function limitTarget({ name, key, what, who, unit, limit, aim }) {
  return (outcomes) =>
    who.map((contestant) => {
      const value = middleOf(outcomes, name, key, contestant);
      return {
        what,
        who: contestant,
        measured: Number.isNaN(value) ? '' : `${figure(value)} ${unit}`,
        atLeast: [atMost(value, limit, `${limit} ${unit}`)],
        aim: aim === undefined ? null : atMost(value, aim, `${aim} ${unit}`),
      };
    });
}

/**
 * @param {string} who
 * @param {readonly (readonly [times: number, contestant: string])[]} demands
 * @param {number} [ofCeiling]
 * @returns {Target}
 */
export function recordingTarget(who, demands, ofCeiling) {
  return (outcomes) => {
    const of = (/** @type {string} */ contestant) => middleOf(outcomes, 'kept', 'rate', contestant);
    const ours = of(who);
    return [
      {
        what: 'recorded, ten kept clients',
        who,
        measured: Number.isNaN(ours) ? '' : `${figure(ours)} /s`,
        atLeast: demands.map(([times, peer]) =>
          atLeast(ours / of(peer), times, `${times} × ${peer} (${figure(ours / of(peer))} ×)`),
        ),
        aim: ofCeiling === undefined ? null : atLeast(ours / of('ceiling'), ofCeiling, `${ofCeiling} × ceiling`),
      },
    ];
  };
}

/** The client fails where a session is not resumed, so that figures tell that all were. @type {Target} */
export const resumptionTarget = (outcomes) =>
  SERVERS.map((who) => {
    const cpu = middleOf(outcomes, 'starttls-resumed', 'cpu', who);
    return {
      what: '… resumed by ticket',
      who,
      measured: Number.isNaN(cpu) ? '' : `CPU ${figure(cpu)} µs`,
      atLeast: [],
      aim: null,
    };
  });

/** @type {Target} */
export const growthTarget = (outcomes) =>
  outcomes
    .flatMap(({ curves }) => curves)
    .map((curve) => ({
      what: `growth: ${curve.title}, ${curve.y}`,
      who: curve.name,
      measured: growthText(curve),
      atLeast: [growthDemand(curve)],
      aim: null,
    }));

/**
 * @param {import('../workload.mjs').Curve} curve
 * @returns {Demand}
 */
function growthDemand(curve) {
  const defect = isDefect(curve);
  if (defect === null) return { text: `${curve.limit}: too few points to tell (--quick)`, met: null };
  return { text: curve.limit, met: !defect };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {string} text
 * @returns {Demand}
 */
const atLeast = (value, least, text) => ({ text: `≥ ${text}`, met: Number.isNaN(value) ? null : value >= least });

/**
 * @param {number} value
 * @param {number} most
 * @param {string} text
 * @returns {Demand}
 */
const atMost = (value, most, text) => ({ text: `≤ ${text}`, met: Number.isNaN(value) ? null : value <= most });

/**
 * @param {readonly Demand[]} demands
 * @returns {Demand}
 */
const either = (demands) => ({
  text: demands.map(({ text }) => text).join(' or '),
  met: demands.every(({ met }) => met === null) ? null : demands.some(({ met }) => met),
});
