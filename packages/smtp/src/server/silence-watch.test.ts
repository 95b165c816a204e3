import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { SilenceWatch, type Watched } from './silence-watch.ts';

const TIMEOUT = 1_000;

let clock: ManualClock;
let watch: SilenceWatch;
/** Who was told to be silent, and when. */
let told: [string, number][];

beforeEach(() => {
  clock = new ManualClock();
  watch = new SilenceWatch(clock, TIMEOUT);
  told = [];
});

function watched(name: string, further: () => void = () => {}): Watched {
  const one = { heardAt: 0, silent: () => (told.push([name, clock.now()]), further()) };
  watch.watch(one);
  return one;
}

/** Lets time pass, a millisecond at a time. */
function pass(milliseconds: number): void {
  for (let left = milliseconds; left > 0; left--) clock.advance(1);
}

test('whoever was not heard for the time-out is told, then and once', () => {
  watched('ann');
  pass(3 * TIMEOUT);
  expect(told).toEqual([['ann', TIMEOUT]]);
});

test('whoever was heard in the meantime has the whole time again', () => {
  const ann = watched('ann');
  pass(400);
  watch.heard(ann);
  pass(3 * TIMEOUT);
  expect(told).toEqual([['ann', 400 + TIMEOUT]]);
});

test('each has his own time, whatever is heard of others', () => {
  const ann = watched('ann');
  pass(100);
  watched('bob');
  pass(100);
  watched('cid');
  pass(300);
  watch.heard(ann);
  pass(3 * TIMEOUT);
  expect(told).toEqual([
    ['bob', 100 + TIMEOUT],
    ['cid', 200 + TIMEOUT],
    ['ann', 500 + TIMEOUT],
  ]);
});

test('who is silent since the same moment is told in the same moment, also where time leaps', () => {
  watched('ann');
  watched('bob');
  clock.advance(5 * TIMEOUT);
  expect(told).toEqual([
    ['ann', 5 * TIMEOUT],
    ['bob', 5 * TIMEOUT],
  ]);
});

test('whoever has left is told nothing, and hearing of him brings him not back', () => {
  const ann = watched('ann');
  watched('bob');
  watch.leave(ann);
  watch.heard(ann);
  pass(3 * TIMEOUT);
  expect(told).toEqual([['bob', TIMEOUT]]);
});

test('whoever was told is watched no more, unless it is begun anew', () => {
  const ann: Watched = watched('ann', () => told.length === 1 && watch.watch(ann));
  const bob = watched('bob');
  pass(700);
  watch.heard(bob);
  pass(3 * TIMEOUT);
  expect(told).toEqual([
    ['ann', TIMEOUT],
    ['bob', 700 + TIMEOUT],
    ['ann', 2 * TIMEOUT],
  ]);
});

test('one that throws costs the others nothing', () => {
  watched('ann', () => {
    throw new Error('on purpose');
  });
  watched('bob');
  expect(() => clock.advance(TIMEOUT)).toThrow('on purpose');
  pass(1);
  expect(told.map(([name]) => name)).toEqual(['ann', 'bob']);
  expect(clock.running).toBe(0);
});

test('whoever has left, or was heard, while another was told is not told', () => {
  const others: Watched[] = [];
  watched('ann', () => {
    watch.leave(others[0]!);
    watch.heard(others[1]!);
  });
  others.push(watched('bob'), watched('cid'));
  pass(3 * TIMEOUT);
  expect(told).toEqual([
    ['ann', TIMEOUT],
    ['cid', 2 * TIMEOUT],
  ]);
});

// The sum that the timer was set by has to be the one that is looked at: another may be a rounding away.
test('whoever is silent is told by the timer that was set for it, on a clock of fractions that stands still', () => {
  for (let start = 0.1; start < 1_000; start += 0.7) {
    let now = start;
    const due: { readonly at: number; readonly run: () => void }[] = [];
    const exact = {
      now: () => now,
      after: (after: number, run: () => void) => (due.push({ at: now + after, run }), () => {}),
    };
    const one = { heardAt: 0, silent: () => told.push([String(start), now]) };
    new SilenceWatch(exact, 12_345.6).watch(one);
    now = Math.max(due[0]!.at, start + 12_345.6);
    due[0]!.run();
    expect(told.at(-1)).toEqual([String(start), now]);
  }
});

describe('the timer', () => {
  test('is one for all', () => {
    for (let index = 0; index < 100; index++) watched(String(index));
    pass(500);
    expect(clock.running).toBe(1);
  });

  test('ends with the last to leave, and begins with the next to come', () => {
    const all = [watched('ann'), watched('bob')];
    for (const one of all) watch.leave(one);
    expect(clock.running).toBe(0);
    pass(100);
    watched('cid');
    pass(3 * TIMEOUT);
    expect(told).toEqual([['cid', 100 + TIMEOUT]]);
  });

  test('ends when all were told', () => {
    watched('ann');
    watched('bob');
    pass(TIMEOUT);
    expect([told.length, clock.running]).toEqual([2, 0]);
  });
});
