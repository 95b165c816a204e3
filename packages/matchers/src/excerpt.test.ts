import { expect, test } from 'vitest';
import { excerptOf, placeOf } from './excerpt.ts';

const long = `${'a'.repeat(5000)}Needle${'b'.repeat(5000)}`;

test('of a long text the excerpt begins shortly before the place', () => {
  expect(excerptOf(long, 5000)).toBe(`…${'a'.repeat(40)}Needle${'b'.repeat(5000)}`);
  expect(excerptOf(long, 41)).toBe(`…${long.slice(1)}`);
  expect(excerptOf(long, 40)).toBe(long);
  expect(excerptOf(long)).toBe(long);
});

test('a text that is printed whole stays as it is', () => {
  const [whole, longer] = [long.slice(4900, 5100), long.slice(4900, 5101)];
  expect(excerptOf(whole, 100)).toBe(whole);
  expect(excerptOf(longer, 100)).toBe(`…${longer.slice(60)}`);
});

test.each([
  ['a string that is in it', 'Needle', 5000],
  ['a string that differs from it', `${'a'.repeat(4321)}x`, 4321],
  ['a string that it begins with', 'aaaa', 0],
  ['a string that goes on after it', `${long}c`, long.length],
  ['a RegExp', /needle/i, 5000],
  ['a global RegExp that was used before', Object.assign(/Needle/g, { lastIndex: 9000 }), 5000],
  ['a RegExp that matches nothing', /haystack/, 0],
  ['stringContaining', expect.stringContaining('Needle'), 5000],
  ['stringMatching', expect.stringMatching(/N/), 5000],
  ['another asymmetric matcher', expect.anything(), 0],
  ['nothing in particular', undefined, 0],
])('the place of %s', (_, pattern, place) => {
  expect(placeOf(pattern, long)).toBe(place);
});
