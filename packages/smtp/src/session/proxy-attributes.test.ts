import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { encodeXtext } from '../wire/xtext.ts';
import { readProxyAttributes } from './proxy-attributes.ts';

const NAMES = ['NAME', 'ADDR', 'PORT', 'HELO', 'DESTADDR', 'DESTPORT', 'PROTO', 'LOGIN'];

function read(argument: string): object | undefined {
  const attributes = readProxyAttributes(argument, NAMES);
  return attributes && Object.fromEntries(attributes);
}

describe('attributes', () => {
  test.each<[string, object]>([
    ['NAME=spike.example', { NAME: 'spike.example' }],
    ['name=spike.example  Helo=spike', { NAME: 'spike.example', HELO: 'spike' }],
    ['NAME=a_b.example', { NAME: 'a_b.example' }],
    ['NAME=spike.example.', { NAME: 'spike.example.' }],
    ['ADDR=192.0.2.1', { ADDR: '192.0.2.1' }],
    ['ADDR=IPV6:2001:DB8::1', { ADDR: '2001:db8::1' }],
    ['ADDR=ipv6:2001:db8:0:0:0:0:0:1', { ADDR: '2001:db8::1' }],
    ['ADDR=IPV6:::ffff:192.0.2.1', { ADDR: '192.0.2.1' }],
    ['ADDR=2001:db8::1', { ADDR: '2001:db8::1' }],
    ['DESTADDR=192.0.2.1 DESTPORT=25', { DESTADDR: '192.0.2.1', DESTPORT: '25' }],
    ['PORT=0', { PORT: '0' }],
    ['PORT=65535', { PORT: '65535' }],
    ['LOGIN=ann+20lee', { LOGIN: 'ann lee' }],
    ['LOGIN=+C3+B6', { LOGIN: 'ö' }],
    ['HELO=[192.0.2.1]', { HELO: '[192.0.2.1]' }],
    ['NAME=[UNAVAILABLE]', { NAME: null }],
    ['NAME=[unavailable] PORT=[TempUnavail]', { NAME: null, PORT: null }],
    ['ADDR=', { ADDR: null }],
    ['LOGIN=a LOGIN=b', { LOGIN: 'a' }],
    ['LOGIN=[UNAVAILABLE] LOGIN=b', { LOGIN: null }],
  ])('%s', (argument, expected) => {
    expect(read(argument)).toEqual(expected);
  });

  test.each([
    ['nothing', ''],
    ['white space', '  '],
    ['no value', 'NAME'],
    ['no name', '=spike.example'],
    ['another name', 'COLOUR=red'],
    ['another name among good ones', 'NAME=a COLOUR=red HELO=b'],
    ['a name in letters that only look like ASCII', 'ſOURCE=a'],
    ['what is no xtext', 'HELO=a=b'],
    ['xtext in lower case', 'HELO=a+2b'],
    ['xtext cut off', 'HELO=a+2'],
    ['xtext that is no UTF-8', 'HELO=+FF'],
    ['a line break', 'HELO=a+0D+0Ab'],
    ['NUL', 'LOGIN=a+00'],
    ['DEL', 'LOGIN=a+7F'],
    ['a control character beyond ASCII', 'HELO=a+C2+85b'],
    ['a host name with a space', 'NAME=a+20b'],
    ['a host name with a hyphen first', 'NAME=-a'],
    ['a host name with a hyphen first in a label', 'NAME=a.-b'],
    ['a host name with two dots', 'NAME=a..b'],
    ['an address in the place of a name', 'NAME=[192.0.2.1]'],
    ['a name in the place of an address', 'ADDR=spike.example'],
    ['an address in brackets', 'ADDR=[192.0.2.1]'],
    ['an address that is none', 'ADDR=192.0.2.256'],
    ['IPv4 that says to be IPv6', 'ADDR=IPV6:192.0.2.1'],
    ['IPv6 that is none', 'DESTADDR=IPV6:2001:db8'],
    ['a port that is too high', 'PORT=65536'],
    ['a port of six digits', 'PORT=000025'],
    ['a port that is none', 'DESTPORT=smtp'],
    ['a repeated one that is bad', 'PORT=25 PORT=smtp'],
  ])('are none: %s', (_what, argument) => {
    expect(read(argument)).toBeUndefined();
  });

  test('that a proxy encodes come out as they went in', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text !== '' && !/^\[(temp)?unavail/i.test(text) && !/\p{Cc}/u.test(text));
    holds(fc.tuple(text, text), ([helo, login]) => {
      expect(read(`HELO=${encodeXtext(helo)} LOGIN=${encodeXtext(login)}`)).toEqual({ HELO: helo, LOGIN: login });
    });
  });
});
