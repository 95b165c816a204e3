// Many clients at once that want nothing: those who stay and say nothing, and those who come and go.
import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {import('../visit.mjs').Visit} Visit */

/** When they come, in parts of the soak. */
export const SWARMS = [
  { at: 0.15, run: idlers },
  { at: 0.35, run: storm },
  { at: 0.6, run: idlers },
  { at: 0.8, run: storm },
];

const IDLERS = 2_000;
/** So many at a time connect: a listener's queue is not endless. */
const BATCH = 100;
const STORM_SECONDS = 4;
const STORM_PER_TICK = 25;
/** Milliseconds; 500 connections a second. */
const STORM_TICK = 50;

/** @param {Visit} visit */
async function idlers(visit) {
  const wires = [];
  while (wires.length < IDLERS) {
    wires.push(...(await Promise.all(Array.from({ length: BATCH }, () => visit.connect()))));
  }
  await delay(2_000);
  for (const wire of wires) {
    if (visit.random.chance(0.5)) wire.reset();
    else wire.finish();
  }
  await Promise.all(wires.map((wire) => wire.end()));
}

/** @param {Visit} visit */
async function storm(visit) {
  const comers = [];
  for (let ticks = (STORM_SECONDS * 1_000) / STORM_TICK; ticks > 0; ticks--) {
    for (let left = STORM_PER_TICK; left > 0; left--) comers.push(comeAndGo(visit));
    await delay(STORM_TICK);
  }
  await Promise.all(comers);
}

/** @param {Visit} visit */
async function comeAndGo(visit) {
  const way = visit.random.pick(['reset', 'finish', 'quit', 'greeting']);
  const wire = await visit.connect();
  if (way === 'greeting') await wire.expect(220, 'the connection');
  if (way === 'quit') await wire.send('QUIT\r\n');
  if (way === 'finish' || way === 'quit') {
    wire.finish();
    await wire.end();
  }
  wire.reset();
}
