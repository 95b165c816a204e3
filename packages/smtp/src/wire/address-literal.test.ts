import { describe, expect, test } from 'vitest';
import { isAddressLiteral } from './address-literal.ts';

describe('isAddressLiteral (RFC 5321 §4.1.3)', () => {
  test.each([
    '[192.0.2.1]',
    '[255.255.255.255]',
    '[010.0.0.1]',
    '[IPv6:2001:db8::1]',
    '[ipv6:2001:db8::1]',
    '[IPV6:2001:DB8::1]',
    '[IPv6:::]',
    '[IPv6:::1]',
    '[IPv6:1:2:3:4:5:6:7:8]',
    '[IPv6:::ffff:192.0.2.1]',
  ])('takes %s', (text) => {
    expect(isAddressLiteral(text)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['empty brackets', '[]'],
    ['an open bracket', '['],
    ['no brackets', '192.0.2.1'],
    ['half of them', '[192.0.2.1'],
    ['the other half', '192.0.2.1]'],
    ['two pairs', '[[192.0.2.1]]'],
    ['two literals', '[192.0.2.1][192.0.2.2]'],
    ['more in front', 'a[192.0.2.1]'],
    ['more behind', '[192.0.2.1].example'],
    ['a line feed behind', '[192.0.2.1]\n'],
    ['a line feed within', '[192.0.2.1\n]'],
    ['white space', '[ 192.0.2.1 ]'],
    ['a number above 255', '[300.1.1.1]'],
    ['three numbers', '[192.0.2]'],
    ['a name', '[mail.example.org]'],
    ['a port', '[192.0.2.1:25]'],
    ['an IPv6 address without its tag', '[2001:db8::1]'],
    ['the tag alone', '[IPv6]'],
    ['the tag and a colon', '[IPv6:]'],
    ['the tag twice', '[IPv6:IPv6:::1]'],
    ['the tag in brackets of its own', '[IPv6:[::1]]'],
    ['the tag of an IPv4 address', '[IPv6:192.0.2.1]'],
    ['a tag for IPv4', '[IPv4:192.0.2.1]'],
    ['a bad IPv6 address', '[IPv6:2001:db8::g]'],
    ['a "::" for one group', '[IPv6:1:2:3:4:5:6:7::]'],
    ['a zone', '[IPv6:fe80::1%eth0]'],
    ['a tag that is not registered', '[x-tag:content]'],
    ['a tag like another', '[IPv6x:2001:db8::1]'],
    ['letters that only look like the tag', '[\u0130Pv6:2001:db8::1]'],
  ])('refuses %s', (_what, text) => {
    expect(isAddressLiteral(text)).toBe(false);
  });
});
