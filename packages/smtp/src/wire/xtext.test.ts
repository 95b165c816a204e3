import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { decodeXtext, encodeXtext } from './xtext.ts';

describe('xtext (RFC 3461 §4)', () => {
  test.each([
    ['', ''],
    ['ann@example.org', 'ann@example.org'],
    ['!*,<>~', '!*,<>~'],
    ['a+b=c', 'a+2Bb+3Dc'],
    ['a b', 'a+20b'],
    ['+', '+2B'],
    ['+2B', '+2B2B'],
    ['\0\r\n\x7f', '+00+0D+0A+7F'],
    ['jörg', 'j+C3+B6rg'],
    ['用户', '+E7+94+A8+E6+88+B7'],
    ['😀', '+F0+9F+98+80'],
    ['\ufffd', '+EF+BF+BD'],
    ['\ufeffa', '+EF+BB+BFa'],
  ])('%j is encoded as %j, and back', (text, encoded) => {
    expect(encodeXtext(text)).toBe(encoded);
    expect(decodeXtext(encoded)).toBe(text);
  });

  test.each([
    ['+41+6E+6E', 'Ann'],
    ['a+7E~', 'a~~'],
  ])('what need not be encoded may be: %j', (encoded, text) => {
    expect(decodeXtext(encoded)).toBe(text);
  });

  test.each([
    ['a plus sign alone', '+'],
    ['a plus sign last', 'ab+'],
    ['one digit', 'ab+4'],
    ['a digit and a letter that is none', '+4G'],
    ['digits in lower case', '+2b'],
    ['two plus signs', '++41'],
    ['an equal sign', 'a=b'],
    ['a space', 'a b'],
    ['a tab', 'a\tb'],
    ['a line feed last', 'ab\n'],
    ['a NUL', '\0'],
    ['DEL', '\x7f'],
    ['a character beyond ASCII', 'jörg'],
    ['octets that are no UTF-8', 'j+F6rg'],
    ['half a character', '+C3'],
    ['NUL in two octets', '+C0+80'],
    ['a surrogate', '+ED+A0+80'],
  ])('refuses %s', (_what, encoded) => {
    expect(decodeXtext(encoded)).toBeUndefined();
  });

  test('any text comes back, and travels as printable ASCII', () => {
    holds(fc.string({ unit: 'binary' }), (text) => {
      const encoded = encodeXtext(text);
      expect(encoded).toMatch(/^[!-<>-~]*$/);
      expect(decodeXtext(encoded)).toBe(text);
    });
  });

  test('whatever is decoded is one and the same text when encoded again', () => {
    const encoded = fc.string({ unit: fc.constantFrom('+', 'C', '3', 'B', '6', '+C3+B6', '+41', 'a', '=', ' ') });
    holds(encoded, (encoded) => {
      const text = decodeXtext(encoded);
      if (text !== undefined) expect(decodeXtext(encodeXtext(text))).toBe(text);
    });
  });

  test('a hostile text takes no longer than others', () => {
    for (const part of ['a', '+', '+41', '+4']) expect(decodeXtext(`${part.repeat(16_384)}=`)).toBeUndefined();
  });
});
