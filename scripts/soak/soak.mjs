// Lets a crowd of good, bad and hostile clients at one fixture, and checks that it kept everything it should, and nothing else.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadFixture } from './built-fixture.mjs';
import { check, report } from './checks.mjs';
import { drive } from './drive.mjs';
import {
  activeResources,
  megabytes,
  openFiles,
  peakResidentMemory,
  residentMemory,
  retainedMemory,
  settled,
} from './footprint.mjs';
import { Ledger } from './ledger.mjs';

/** @typedef {import('@mailrig/fixture').TestSmtp} TestSmtp */
/** @typedef {import('./checks.mjs').Check} Check */

const USERS = { alice: 'open sesame', bob: 'pässwörd' };
/** What is retained is more than all clients together send. */
const OPTIONS = { auth: { users: USERS }, retain: { messages: 100_000, bytes: 512 * 2 ** 20 } };
/** Seconds. */
const WARM_UP = 5;
/** Octets that may be retained more than before: compiled code and its statistics, but nothing by the session. */
const ALLOWANCE = 8 * 2 ** 20;
/** Milliseconds in which the last sessions have to end. */
const PATIENCE = 10_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now()) },
    fixture: { type: 'string' },
  },
});
const { seed } = values;
const seconds = Number(values.seconds ?? Number(values.minutes ?? 1) * 60);
if (!(seconds > 0)) throw new RangeError('--minutes or --seconds has to be a number above zero.');

// Until it has passed: whatever ends the process before is a failure.
process.exitCode = 1;
const accidents = watchProcess();
const { startTestSmtp } = await loadFixture(values.fixture);
console.log(`Soaking for ${seconds} s, seed ${seed}`);
const checks = await soak();
const passed = report(checks);
console.log(passed ? `Passed, seed ${seed}` : `FAILED, seed ${seed}`);
// What a leak left open would keep the process running.
process.exit(passed ? 0 : 1);

/** @returns {Promise<Check[]>} */
async function soak() {
  const activeBefore = await settled(activeResources);
  await warmUp();
  const filesBefore = await settled(openFiles);
  const mail = await startTestSmtp(OPTIONS);
  const memoryBefore = await retainedMemory();
  const residentBefore = residentMemory();

  const checks = await underLoad(mail);

  mail.reset();
  const growth = (await retainedMemory()) - memoryBefore;
  console.log(
    `resident memory: ${megabytes(residentBefore)} before, ${megabytes(peakResidentMemory())} at most, ${megabytes(residentMemory())} after`,
  );
  const grown = `reset() lets go of everything: ${megabytes(growth)} more than before, ${megabytes(ALLOWANCE)} allowed`;
  await mail.stop();
  const [activeAfter, filesAfter] = [await settled(activeResources), await settled(openFiles)];
  return [
    ...checks,
    check(grown, growth <= ALLOWANCE ? [] : [`${growth} octets`]),
    check('stop() leaves nothing running', activeAfter === activeBefore ? [] : [activeBefore, activeAfter]),
    check('stop() leaves no file open', filesAfter === filesBefore ? [] : [filesBefore, filesAfter]),
    check('no exception, rejection or warning reached the process', accidents),
  ];
}

/** What is loaded late, or opened once for all, is so after this, and no leak. */
async function warmUp() {
  const mail = await startTestSmtp(OPTIONS);
  const assignment = { server: serverOf(mail), seed: `${seed} warm-up`, seconds: WARM_UP, swarms: false };
  await drive(assignment, () => {});
  await mail.stop();
}

/**
 * What clients are told.
 *
 * @param {TestSmtp} mail
 */
function serverOf({ ca, host, port }) {
  return { host, port, ca: String(ca), users: USERS };
}

/**
 * All that refers to the fixture's records ends with this call.
 *
 * @param {TestSmtp} mail
 * @returns {Promise<Check[]>}
 */
async function underLoad(mail) {
  const ledger = new Ledger();
  const turns = monitorEventLoopDelay({ resolution: 10 });
  turns.enable();
  const outcome = await drive({ server: serverOf(mail), seed, seconds, swarms: true }, (notice) =>
    ledger.enter(notice),
  );
  turns.disable();
  const open = await mail.idle({ timeout: PATIENCE }).then(
    () => mail.sessions.filter(({ closedBy }) => closedBy === null).map(({ number }) => `session ${number} is open`),
    () => ['idle() waited in vain'],
  );
  const { accepted, unanswered, ...comparison } = ledger.compare(mail.messages);
  const octets = mail.messages.reduce((sum, { raw }) => sum + raw.length, 0);

  for (const role of Object.keys(outcome.clients).sort())
    console.log(`${String(outcome.clients[role]).padStart(7)} ${role}`);
  console.log(`${mail.sessions.length} sessions, ${mail.messages.length} messages of ${megabytes(octets)}`);
  const { discarded } = mail;
  console.log(`let go of: ${discarded.sessions} sessions, ${discarded.transcriptLines} lines of transcripts`);
  console.log(`${unanswered.kept} messages kept and ${unanswered.gone} not, of those whose reply was not read`);
  console.log(`event loop delay: p99 ${milliseconds(turns.percentile(99))}, at most ${milliseconds(turns.max)}`);
  return [
    check('every client was served, or refused, as it had to be', outcome.failures),
    check(`each of the ${accepted} messages accepted is there`, comparison.lost),
    check('every message is as it was sent, octet for octet, envelope too', comparison.altered),
    check('no message is there twice', comparison.twice),
    check('no message is there that was not sent whole, or was refused', comparison.unsent),
    check('nothing was smuggled', comparison.smuggled),
    check('every session has closed', open),
  ];
}

/** @returns {readonly string[]} What goes wrong from now on, and is nobody's to catch. */
function watchProcess() {
  /** @type {string[]} */
  const accidents = [];
  const note = (/** @type {string} */ kind) => (/** @type {unknown} */ problem) => {
    accidents.push(`${kind}: ${problem instanceof Error ? problem.stack : String(problem)}`);
    console.error(accidents.at(-1));
  };
  process.on('uncaughtException', note('exception'));
  process.on('unhandledRejection', note('rejection'));
  process.on('warning', note('warning'));
  return accidents;
}

/** @param {number} nanoseconds */
function milliseconds(nanoseconds) {
  return `${(nanoseconds / 1e6).toFixed(1)} ms`;
}
