import { expect, test } from 'vitest';
import { steadySizes, type Size } from './tarballs/sizes.ts';

const RECORDED: Size = { tarball: 100_000, unpacked: 500_000, files: 50 };

test.each<[what: string, measured: Partial<Size>]>([
  ['a tarball that is 10 % larger', { tarball: 110_000 }],
  ['a tarball that is 10 % smaller', { tarball: 90_000 }],
  ['a package that takes 10 % more', { unpacked: 550_000 }],
  ['five files more of fifty', { files: 55 }],
])('%s needs no new record', (_what, measured) => {
  expect(steadySizes({ a: RECORDED }, { a: { ...RECORDED, ...measured } })).toEqual({ a: RECORDED });
});

test.each<[what: string, measured: Partial<Size>]>([
  ['a tarball that is more than 10 % larger', { tarball: 110_001 }],
  ['a tarball that is more than 10 % smaller', { tarball: 89_999 }],
  ['a package that takes more than 10 % more', { unpacked: 550_001 }],
  ['six files more of fifty', { files: 56 }],
])('%s is a difference', (_what, measured) => {
  const now = { ...RECORDED, ...measured };
  expect(steadySizes({ a: RECORDED }, { a: now })).toEqual({ a: now });
});

test('a small package may grow by a sentence in its README', () => {
  const recorded = { tarball: 5_000, unpacked: 20_000, files: 8 };
  const now = { tarball: 7_000, unpacked: 24_000, files: 9 };
  expect(steadySizes({ a: recorded }, { a: now })).toEqual({ a: recorded });
});

test('a new package is a difference, and so is one that is gone', () => {
  expect(steadySizes({ gone: RECORDED }, { added: RECORDED })).toEqual({ added: RECORDED });
});
