import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { isIpv4, isIpv6, normalizeAddress, parseIpv6 } from './ip-address.ts';

describe('isIpv4 (RFC 5321 §4.1.3)', () => {
  test.each(['0.0.0.0', '192.0.2.1', '255.255.255.255', '199.249.250.25', '1.10.100.001', '010.009.08.7'])(
    'takes %s',
    (text) => {
      expect(isIpv4(text)).toBe(true);
    },
  );

  test.each([
    ['nothing', ''],
    ['three numbers', '192.0.2'],
    ['five numbers', '192.0.2.1.1'],
    ['256', '192.0.2.256'],
    ['260', '260.0.2.1'],
    ['300', '192.300.2.1'],
    ['999', '192.0.999.1'],
    ['four digits', '192.0.2.0001'],
    ['an empty number', '192..2.1'],
    ['a dot first', '.192.0.2.1'],
    ['a dot last', '192.0.2.1.'],
    ['a sign', '+192.0.2.1'],
    ['hexadecimal digits', '0xc0.0.2.1'],
    ['a letter', '192.0.2.a'],
    ['digits beyond ASCII', '192.0.2.\u0661'],
    ['a space first', ' 192.0.2.1'],
    ['a space last', '192.0.2.1 '],
    ['a line feed last', '192.0.2.1\n'],
    ['brackets', '[192.0.2.1]'],
    ['a port', '192.0.2.1:25'],
    ['an IPv6 address', '::192.0.2.1'],
  ])('refuses %s', (_what, text) => {
    expect(isIpv4(text)).toBe(false);
  });

  test('takes any four numbers, each below 256', () => {
    const number = fc.nat({ max: 300 });
    holds(fc.tuple(number, number, number, number), (numbers) => {
      expect(isIpv4(numbers.join('.'))).toBe(numbers.every((number) => number < 256));
    });
  });
});

describe('isIpv6 (RFC 5321 §4.1.3)', () => {
  test.each([
    ['IPv6-full', '2001:db8:0:1:2:3:4:5'],
    ['IPv6-full', 'FFFF:ffff:0000:0:00:000:1:aB'],
    ['IPv6-comp', '::'],
    ['IPv6-comp', '::1'],
    ['IPv6-comp', '2001:db8::'],
    ['IPv6-comp', '2001:db8::1'],
    ['IPv6-comp', '1:2:3:4:5:6::'],
    ['IPv6-comp', '::3:4:5:6:7:8'],
    ['IPv6-comp', '1:2:3::6:7:8'],
    ['IPv6v4-full', '1:2:3:4:5:6:192.0.2.1'],
    ['IPv6v4-full', '0:0:0:0:0:ffff:192.0.2.1'],
    ['IPv6v4-comp', '::192.0.2.1'],
    ['IPv6v4-comp', '::ffff:192.0.2.1'],
    ['IPv6v4-comp', '1::192.0.2.1'],
    ['IPv6v4-comp', '1:2:3:4::192.0.2.1'],
    ['IPv6v4-comp', '1:2::3:4:192.0.2.1'],
  ])('takes an %s: %s', (_form, text) => {
    expect(isIpv6(text)).toBe(true);
  });

  // RFC 5321 §4.1.3: "::" represents at least two groups of zeros. RFC 4291 §2.2 is content with one.
  test.each(['1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3::5:6:7:8', '1:2:3:4:5::192.0.2.1'])(
    'refuses a "::" for a single group, which parseIpv6 takes: %s',
    (text) => {
      expect(isIpv6(text)).toBe(false);
      expect(parseIpv6(text)).toHaveLength(8);
    },
  );

  test.each([
    ['nothing', ''],
    ['a colon', ':'],
    ['three colons', ':::'],
    ['three colons within', '1:::2'],
    ['two "::"', '1::2::3'],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['eight groups and "::"', '1:2:3:4::5:6:7:8'],
    ['a colon first', ':1:2:3:4:5:6:7:8'],
    ['a colon last', '1:2:3:4:5:6:7:8:'],
    ['a colon first, and "::"', ':1::2'],
    ['a colon last, and "::"', '1::2:'],
    ['five digits', '2001:db8::00001'],
    ['what is no digit', '2001:db8::g'],
    ['a space', '2001:db8:: 1'],
    ['a line feed last', '2001:db8::1\n'],
    ['a zone', 'fe80::1%eth0'],
    ['a prefix length', '2001:db8::/32'],
    ['brackets', '[2001:db8::1]'],
    ['a tag', 'IPv6:2001:db8::1'],
    ['an IPv4 address', '192.0.2.1'],
    ['an IPv4 address first', '192.0.2.1::'],
    ['an IPv4 address before "::"', '1:192.0.2.1::'],
    ['an IPv4 address within', '::192.0.2.1:1'],
    ['an IPv4 address that is none', '::ffff:192.0.2.256'],
    ['half an IPv4 address', '::ffff:192.0'],
    ['five groups and an IPv4 address', '1:2:3:4:5:192.0.2.1'],
    ['seven groups and an IPv4 address', '1:2:3:4:5:6:7:192.0.2.1'],
    ['six groups, "::" and an IPv4 address', '1:2:3:4:5:6::192.0.2.1'],
  ])('refuses %s', (_what, text) => {
    expect(isIpv6(text)).toBe(false);
    expect(parseIpv6(text)).toBeUndefined();
  });

  test('a hostile text takes no longer than others', () => {
    for (const part of [':', '::', '1:', '1.', 'a', '0']) expect(isIpv6(part.repeat(16_384))).toBe(false);
  });
});

const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat({ max: 0xffff }));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });

describe('parseIpv6', () => {
  test.each([
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 1]],
    ['1::', [1, 0, 0, 0, 0, 0, 0, 0]],
    ['2001:DB8::a:b', [0x2001, 0xdb8, 0, 0, 0, 0, 0xa, 0xb]],
    ['1:2:3:4:5:6:7:8', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201]],
  ])('%s', (text, groups) => {
    expect(parseIpv6(text)).toEqual(groups);
  });

  test('reads what Node takes for an IPv6 address, and nothing else but zeros in front of the numbers of Snum', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '::', '1:', '1:1:', '.', '1.1.1.1') });
    holds(
      text,
      (text) => {
        fc.pre(!/\b0\d+\.|\.0\d/.test(text));
        expect(parseIpv6(text) !== undefined).toBe(isIPv6(text));
      },
      3_000,
    );
  });
});

describe('normalizeAddress', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['010.000.002.001', '10.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['::ffff:C000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['0000:0000:0000:0000:0000:ffff:c000:0201', '192.0.2.1'],
    ['::ffff:0:0', '0.0.0.0'],
    // Near an IPv4-mapped address.
    ['::192.0.2.1', '::c000:201'],
    ['::fffe:c000:201', '::fffe:c000:201'],
    ['::1:ffff:c000:201', '::1:ffff:c000:201'],
    ['1::ffff:c000:201', '1::ffff:c000:201'],
    ['::ffff:0:192.0.2.1', '::ffff:0:c000:201'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    // RFC 5952 §4
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:1:0:0:0:1', '::1:0:0:0:1'],
    ['1:0:0:0:1:0:0:0', '1::1:0:0:0'],
    ['1:1:0:0:1:0:0:0', '1:1:0:0:1::'],
    ['10:0:0:1:1:1:1:1', '10::1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    // A zone, which is not ours to fold.
    ['FE80::0:1%Eth0', 'fe80::1%Eth0'],
    ['fe80::1%25%', 'fe80::1%25%'],
    ['::ffff:192.0.2.1%eth0', '::ffff:c000:201%eth0'],
    // No IP address.
    ['', ''],
    ['Localhost', 'localhost'],
    ['FE80::1%', 'fe80::1%'],
    ['192.0.2.1%ETH0', '192.0.2.1%eth0'],
    ['192.0.2.256', '192.0.2.256'],
    ['[2001:DB8::1]', '[2001:db8::1]'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::FFFF:192.0.2.256', '::ffff:192.0.2.256'],
    ['Unknown', 'unknown'],
  ])('%j is %j', (text, normal) => {
    expect(normalizeAddress(text)).toBe(normal);
  });

  test('all texts of an address become one, which is the one of the URL standard, and stays', () => {
    holds(groups, (groups) => {
      fc.pre(groups[5] !== 0xffff);
      const long = groups.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':');
      const normal = normalizeAddress(long);
      expect(`[${normal}]`).toBe(new URL(`http://[${long}]`).hostname);
      expect(normalizeAddress(normal)).toBe(normal);
      expect(parseIpv6(normal)).toEqual(groups);
    });
  });

  test('normalizes any text but once', () => {
    holds(fc.string({ unit: fc.constantFrom('0', '1', 'F', ':', '::', '.', '%', '1.2.3.4', '::ffff:') }), (text) => {
      const normal = normalizeAddress(text);
      expect(normalizeAddress(normal)).toBe(normal);
    });
  });
});
