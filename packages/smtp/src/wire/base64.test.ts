import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { decodeBase64 } from './base64.ts';

describe('decodeBase64', () => {
  // RFC 4648 §10
  test.each([
    ['', ''],
    ['Zg==', 'f'],
    ['Zm8=', 'fo'],
    ['Zm9v', 'foo'],
    ['Zm9vYg==', 'foob'],
    ['Zm9vYmE=', 'fooba'],
    ['Zm9vYmFy', 'foobar'],
  ])('reads %j', (text, content) => {
    expect(decodeBase64(text)?.toString()).toBe(content);
  });

  test.each([
    ['a cancellation', '*'],
    ['a lone =', '='],
    ['only padding', '===='],
    ['missing padding', 'Zg'],
    ['half the padding', 'Zg='],
    ['too much padding', 'Zm9v='],
    ['padding within', 'Zg==Zg=='],
    ['a single character', 'Z'],
    ['white space', 'Zm9v YmFy'],
    ['white space at the end', 'Zm9v '],
    ['a line break at the end', 'Zm9v\n'],
    ['the alphabet of base64url', '_-_-'],
    ['octets beyond ASCII', 'Zm9\xfc'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  test('undoes what base64 does to any octets', () => {
    holds(fc.uint8Array(), (octets) => {
      const content = Buffer.from(octets);
      expect(decodeBase64(content.toString('base64'))).toEqual(content);
    });
  });
});
