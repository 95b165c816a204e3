import { describe, expect, test } from 'vitest';
import { exponent, logarithmicSteps, median, quantile, summarize, type Point } from './measure.mjs';

describe('median', () => {
  test('is the middle by size, not by place, and not by the alphabet', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  test('of an even count is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  test('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });

  test('leaves the series in its order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

test('a quantile lies between the values that are nearest', () => {
  expect([0, 0.25, 0.9, 1].map((share) => quantile([10, 20, 30], share))).toEqual([10, 15, 28, 30]);
});

describe('summarize', () => {
  test('takes the greatest as best where more is better, the least where less is', () => {
    expect(summarize([1, 2, 6], 'more').best).toBe(6);
    expect(summarize([1, 2, 6], 'less').best).toBe(1);
  });

  test('spread is the middle half as a share of the median, which one outlier does not move', () => {
    expect(summarize([90, 100, 100, 110, 100], 'more').spread).toBe(0);
    expect(summarize([80, 90, 100, 110, 120], 'more').spread).toBeCloseTo(0.2);
    expect(summarize([80, 90, 100, 110, 9_000], 'more').spread).toBeCloseTo(0.2);
  });
});

describe('exponent', () => {
  const sizes = [10, 100, 1_000, 10_000];
  const growth = (cost: (size: number) => number): Point[] => sizes.map((size) => [size, cost(size)]);

  test.each<[string, number, (size: number) => number]>([
    ['what costs the same whatever the size', 0, () => 7],
    ['linear growth, whatever its factor', 1, (size) => 3 * size],
    ['quadratic growth', 2, (size) => size ** 2 / 100],
    ['a square root', 0.5, Math.sqrt],
  ])('of %s is %d', (_what, expected, cost) => {
    expect(exponent(growth(cost))).toBeCloseTo(expected);
  });

  test('a fixed cost beside linear growth keeps it below 1', () => {
    expect(exponent(growth((size) => 500 + size))).toBeLessThan(1);
  });

  test('of one size is no number', () => {
    expect(
      exponent([
        [5, 1],
        [5, 2],
      ]),
    ).toBeNaN();
  });
});

test('logarithmic steps are whole, and end where they should', () => {
  expect(logarithmicSteps(1_000, 100_000, 5)).toEqual([1_000, 3_162, 10_000, 31_623, 100_000]);
  expect(logarithmicSteps(10, 10_000, 2)).toEqual([10, 10_000]);
});
