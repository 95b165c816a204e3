import { describe, expect, test } from 'vitest';
import { readParameters } from './parameters.ts';

describe('readParameters', () => {
  test.each([
    ['', {}],
    ['SMTPUTF8', { SMTPUTF8: true }],
    ['size=1000 Body=8BITMIME', { SIZE: '1000', BODY: '8BITMIME' }],
    [
      'NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;ann@example.org',
      { NOTIFY: 'SUCCESS,FAILURE', ORCPT: 'rfc822;ann@example.org' },
    ],
    ['AUTH=<>', { AUTH: '<>' }],
    ['MT-PRIORITY=3', { 'MT-PRIORITY': '3' }],
    ['8BIT=a', { '8BIT': 'a' }],
    ['  A=1   B=2  ', { A: '1', B: '2' }],
    ['X=jörg', { X: 'jörg' }],
    ['X=\u00a0😀\ufffc', { X: '\u00a0😀\ufffc' }],
    ['X=!<>~', { X: '!<>~' }],
    ['A-=1 B--C 0', { 'A-': '1', 'B--C': true, '0': true }],
  ])('reads %j', (text, parameters) => {
    expect({ ...(readParameters(text) as object) }).toEqual(parameters);
  });

  test.each([
    ['a value without a keyword', '=1000'],
    ['an empty value', 'SIZE='],
    ['two equal signs', 'X=a=b'],
    ['a keyword that begins with a hyphen', '-X=1'],
    ['an underscore', 'A_B=1'],
    ['a tab', 'A=1\tB=2'],
    ['a control character', 'A=\x01'],
    ['DEL', 'A=\x7f'],
    ['a control character beyond ASCII', 'A=\u0085'],
    ['octets that are no UTF-8', 'A=j\ufffdrg'],
    ['a line feed last', 'A=1\n'],
    ['a bare equal sign', 'A ='],
    ['spaces around an equal sign', 'A = 1'],
    ['a keyword beyond ASCII', 'ÄA=1'],
    ['fault behind what is right', 'A=1 B=2 C='],
    ['letters that only look like ASCII', '\u017fIZE=1'],
    ['a Kelvin sign', '\u212a=1'],
  ])('refuses %s', (_what, text) => {
    expect(readParameters(text)).toBe('syntax');
  });

  test.each(['SIZE=1 SIZE=2', 'SIZE=1 size=1', 'SMTPUTF8 SMTPUTF8=x'])('refuses a keyword twice: %s', (text) => {
    expect(readParameters(text)).toBe('repeated');
  });

  test('keywords that objects have are keywords like any other', () => {
    expect(readParameters('constructor=1 toString=2')).toEqual(
      Object.assign(Object.create(null), { CONSTRUCTOR: '1', TOSTRING: '2' }),
    );
    for (const text of ['', 'A=1']) expect('constructor' in (readParameters(text) as object)).toBe(false);
  });
});
