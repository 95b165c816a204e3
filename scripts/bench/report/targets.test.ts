import { expect, test } from 'vitest';
import type { Outcome } from '../workload.mjs';
import { isMet, judge, tally, verdictRows } from './targets.mjs';

type Figures = Readonly<Record<string, readonly [rate: number, cpu: number]>>;

const outcome = (name: string, figures: Figures): Outcome => ({
  name,
  title: name,
  measures: (['rate', 'cpu'] as const).map((key, at) => ({
    key,
    unit: key,
    better: at === 0 ? 'more' : 'less',
    series: Object.entries(figures).map(([name, values]) => ({ name, values: [values[at]!] })),
  })),
  curves: [],
  notes: [],
});

test('a target without its workload is left out', () => {
  expect(judge([])).toEqual([]);
});

test('each demand of a target has to be met', () => {
  const figures: Figures = { 'smtp-server': [100, 600], Listener: [850, 140], SMTPServer: [850, 160] };
  const [ours, listener] = judge([outcome('new-connection-100', figures)]);
  expect(ours).toMatchObject({ who: 'SMTPServer', atLeast: [{ met: true }, { text: '≤ CPU 150 µs', met: false }] });
  expect(isMet(ours!)).toBe(false);
  expect(isMet(listener!)).toBe(true);
});

test('where a rate or a ratio is asked for, one of them is enough', () => {
  const figures = (rate: number): Figures => ({ 'smtp-server': [20_000, 50], Listener: [rate, 10] });
  const judged = (rate: number) => judge([outcome('pipelined', figures(rate))]).map(isMet);
  expect(judged(50_000)).toEqual([true]);
  expect(judged(44_000)).toEqual([false]);
});

test('an aim is a share of the ceiling, and missing it is not missing the target', () => {
  const figures: Figures = { 'smtp-server': [10_000, 50], Listener: [40_000, 10], ceiling: [60_000, 9] };
  const [verdict] = judge([outcome('pipelined', figures)]);
  expect(isMet(verdict!)).toBe(true);
  expect(verdict!.aim).toMatchObject({ text: '≥ 0.8 × ceiling (60,000 /s)', met: false });
});

const curve = { key: 'k', x: 'x', y: 'ms', name: 'fixture', limit: 'linear' } as const;

test('growth that is faster than it may be is a target missed', () => {
  const xs = [1, 10, 100, 1_000, 10_000];
  const growing = (power: number) => xs.map((x) => [x, x ** power] as const);
  const growth: Outcome = {
    ...outcome('growth', {}),
    curves: [
      { ...curve, title: 'Straight', points: growing(1) },
      { ...curve, title: 'Steep', points: growing(2) },
      { ...curve, title: 'Flat', limit: 'constant', points: growing(0.3) },
    ],
  };
  expect(verdictRows(judge([growth])).map((row) => [row[0], row[2], row[4]])).toEqual([
    ['growth: Straight, ms', 'exponent 1.00 from 100 (100) to 10,000 (10,000)', 'met'],
    ['growth: Steep, ms', 'exponent 2.00 from 100 (10,000) to 10,000 (100,000,000)', 'NOT MET'],
    ['growth: Flat, ms', 'exponent 0.30 from 100 (3.98) to 10,000 (15.8)', 'NOT MET'],
  ]);
});

test('of two points no growth is judged, and it is not counted', () => {
  const points = [[1, 1] as const, [10, 10] as const, [100, 1_000] as const];
  const verdicts = judge([{ ...outcome('growth', {}), curves: [{ ...curve, title: 'Steep', points }] }]);
  expect(verdictRows(verdicts)).toEqual([
    [
      'growth: Steep, ms',
      'fixture',
      'exponent 2.00 from 10 (10.0) to 100 (1,000)',
      'linear: too few points to tell (--quick)',
      '',
      '',
      '',
    ],
  ]);
  expect(tally(verdicts)).toBe('0 of 0 met, 1 without a verdict');
});

test('a figure without a bound is no target met', () => {
  const verdicts = judge([outcome('starttls-resumed', { Listener: [2_000, 300] })]);
  expect(verdictRows(verdicts)).toEqual([['… resumed by ticket', 'Listener', 'CPU 300 µs', '', '', '', '']]);
  expect(tally(verdicts)).toBe('0 of 0 met, 1 without a verdict');
});

test('the tally counts what was judged', () => {
  const figures: Figures = { 'smtp-server': [100, 600], Listener: [850, 140], SMTPServer: [850, 160] };
  expect(tally(judge([outcome('new-connection-100', figures)]))).toBe('1 of 2 met');
});
