import { describe, expect, test } from 'vitest';
import { prepareString } from './saslprep.ts';

describe('SASLprep (RFC 4013)', () => {
  // The first five are the examples of RFC 4013 §3.
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b\u200bc\u3000d', 'a b c d'],
    ['a\u200db\ufe0fc\ufeffd', 'abcd'],
    ['u\u0308', 'ü'],
    ['\u{1f600}', '\u{1f600}'],
    ['', ''],
    ['\u00ad', ''],
  ])('makes of %j %j', (text, prepared) => {
    expect(prepareString(text)).toBe(prepared);
  });

  test.each([
    ['a control character', '\x07'],
    ['DEL', 'a\x7f'],
    ['a control character beyond ASCII', '\u0085'],
    ['a line separator', '\u2028'],
    ['private use', '\ue000'],
    ['private use of a higher plane', '\u{f0000}'],
    ['what is no character', '\ufdd0'],
    ['half a surrogate pair', '\ud800'],
    ['the replacement character', '\ufffd'],
    ['an ideographic description', '\u2ff0'],
    ['a mark of direction', '\u200e'],
    ['an override of direction', '\u202e'],
    ['a tag', '\u{e0041}'],
  ])('prohibits %s', (_what, text) => {
    expect(prepareString(text)).toBeUndefined();
  });
});
