import { describe, expect, test } from 'vitest';
import { describeValue, isPattern, matchesPattern } from './pattern.ts';

const even = { asymmetricMatch: (value: unknown) => Number(value) % 2 === 0 };

test('a pattern is a string, a RegExp or an asymmetric matcher', () => {
  expect(['', /x/, expect.anything(), even].every(isPattern)).toBe(true);
  expect([undefined, null, true, 1, {}, [], () => true, { asymmetricMatch: true }].some(isPattern)).toBe(false);
});

describe('matchesPattern', () => {
  test.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    [/b/, 'abc', true],
    [/^b/, 'abc', false],
    [/undefined/, undefined, false],
    [/1/, 1, false],
    [even, 4, true],
    [even, 3, false],
    [expect.stringContaining('b'), 'abc', true],
    [expect.anything(), null, false],
    [null, null, true],
    [null, undefined, false],
    [true, true, true],
    [true, 'true', false],
    [false, undefined, false],
  ])('%o and %o: %s', (pattern, received, matches) => {
    expect(matchesPattern(pattern, received)).toBe(matches);
  });

  test('neither heeds nor moves the lastIndex of a RegExp', () => {
    const pattern = /b/g;
    pattern.lastIndex = 3;
    expect(matchesPattern(pattern, 'abc')).toBe(true);
    expect(pattern.lastIndex).toBe(3);
  });
});

describe('describeValue', () => {
  test.each([
    ["it's", '"it\'s"'],
    [/x/i, '/x/i'],
    [null, 'null'],
    [{ to: ['a', /b/], params: { SIZE: true } }, "{ to: [ 'a', /b/ ], params: { SIZE: true } }"],
    [expect.stringContaining('a'), "StringContaining 'a'"],
    [expect.arrayContaining([expect.any(String)]), 'ArrayContaining [ Any<String> ]'],
    [expect.anything(), 'Anything'],
    [even, 'an asymmetric matcher'],
    ['\u001b[31m', "'\\x1B[31m'"],
  ])('%o as %s', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  test('shows an asymmetric matcher in an expectation as what it is', () => {
    expect(describeValue({ to: [expect.not.stringMatching(/a/)] })).toBe('{ to: [ StringNotMatching /a/ ] }');
  });

  test('stays on one line, and short', () => {
    const text = describeValue({ to: Array.from({ length: 1000 }, () => `${'user'.repeat(1000)}\n@example.com`) });
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThan(3000);
  });
});
