import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { octetByOctet, octetsOf, split, splitsOf } from '../testing/split.ts';
import { ProxyHeaderReader, type ProxyHeaderReading } from './proxy-header.ts';

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What the chunks are, fed as long as the header is incomplete; the others follow the header. */
function read(chunks: readonly Buffer[]): ProxyHeaderReading {
  const reader = new ProxyHeaderReader();
  for (const [index, chunk] of chunks.entries()) {
    const reading = reader.feed(chunk);
    if (reading === 'malformed') return reading;
    if (reading !== 'incomplete')
      return { ...reading, rest: Buffer.concat([reading.rest, ...chunks.slice(index + 1)]) };
  }
  return 'incomplete';
}

/** How many octets it takes until they can't be a header any more; `undefined` where they are one, or may become one. */
function refusedAt(text: Buffer): number | undefined {
  const reader = new ProxyHeaderReader();
  for (const [index, octet] of text.entries()) {
    const reading = reader.feed(Buffer.of(octet));
    if (reading === 'malformed') return index + 1;
    if (reading !== 'incomplete') return undefined;
  }
  return undefined;
}

/** A header of version 2, put together of its parts; by default as long as it says. */
function v2(command: number, family: number, block: string, length: number = block.length): Buffer {
  const head = octets('\r\n\r\n\0\r\nQUIT\n');
  return Buffer.concat([head, Buffer.of(command, family, length >> 8, length & 0xff), octets(block)]);
}

const IPV4_BLOCK = '\xc0\x00\x02\x01\xc6\x33\x64\x02\x30\x39\x00\x19';
const IPV6_BLOCK = `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01\xfe\x80${'\0'.repeat(12)}\xab\xcd\xff\xff\x00\x00`;
const MAPPED_BLOCK = `${'\0'.repeat(10)}\xff\xff\xc0\x00\x02\x01${'\0'.repeat(16)}\x30\x39\x00\x19`;
const TLV = '\x02\x00\x0bexample.org';

const NOBODY = { source: null, destination: null };
const IPV4 = { source: { address: '192.0.2.1', port: 12_345 }, destination: { address: '198.51.100.2', port: 25 } };
const IPV6 = { source: { address: '2001:db8::1', port: 65_535 }, destination: { address: 'fe80::abcd', port: 0 } };

const LONGEST = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

const headers: readonly (readonly [string, Buffer, object])[] = [
  ['v1, TCP4', octets('PROXY TCP4 192.0.2.1 198.51.100.2 12345 25\r\n'), IPV4],
  ['v1, TCP6', octets('PROXY TCP6 2001:DB8::1 fe80:0:0:0:0:0:0:abcd 65535 0\r\n'), IPV6],
  [
    'v1, the longest TCP4',
    octets('PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n'),
    {
      source: { address: '255.255.255.255', port: 65_535 },
      destination: { address: '255.255.255.255', port: 65_535 },
    },
  ],
  [
    'v1, the longest TCP6',
    octets(`PROXY TCP6 ${LONGEST} ${LONGEST} 65535 65535\r\n`),
    { source: { address: LONGEST, port: 65_535 }, destination: { address: LONGEST, port: 65_535 } },
  ],
  [
    'v1, IPv4-mapped',
    octets('PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c633:6402 12345 25\r\n'),
    { source: IPV4.source, destination: IPV4.destination },
  ],
  [
    'v1, "::" for a single group',
    octets('PROXY TCP6 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1 2\r\n'),
    { source: { address: '1:2:3:4:5:6:7:0', port: 1 }, destination: { address: '0:2:3:4:5:6:7:8', port: 2 } },
  ],
  ['v1, UNKNOWN alone', octets('PROXY UNKNOWN\r\n'), NOBODY],
  ['v1, UNKNOWN and a space', octets('PROXY UNKNOWN \r\n'), NOBODY],
  ['v1, UNKNOWN and anything', octets('PROXY UNKNOWN \0 any\xff thing  1\r\n'), NOBODY],
  ['v1, the longest of all', octets(`PROXY UNKNOWN ${LONGEST} ${LONGEST} 65535 65535\r\n`), NOBODY],
  ['v2, TCP over IPv4', v2(0x21, 0x11, IPV4_BLOCK), IPV4],
  ['v2, TCP over IPv6', v2(0x21, 0x21, IPV6_BLOCK), IPV6],
  ['v2, IPv4-mapped', v2(0x21, 0x21, MAPPED_BLOCK), { source: IPV4.source, destination: { address: '::', port: 25 } }],
  ['v2, with a TLV', v2(0x21, 0x11, IPV4_BLOCK + TLV), IPV4],
  ['v2, with what is no TLV', v2(0x21, 0x21, `${IPV6_BLOCK}\x01`), IPV6],
  ['v2, LOCAL', v2(0x20, 0x00, ''), NOBODY],
  ['v2, LOCAL with addresses', v2(0x20, 0x11, IPV4_BLOCK), NOBODY],
  ['v2, LOCAL with a family that is none and octets that are none', v2(0x20, 0xff, 'abc'), NOBODY],
  ['v2, UNSPEC', v2(0x21, 0x00, ''), NOBODY],
  ['v2, UNSPEC with a TLV', v2(0x21, 0x00, TLV), NOBODY],
  ['v2, an unspecified protocol over IPv4', v2(0x21, 0x10, IPV4_BLOCK), NOBODY],
  ['v2, an unspecified family', v2(0x21, 0x01, ''), NOBODY],
  ['v2, UDP over IPv4', v2(0x21, 0x12, IPV4_BLOCK), NOBODY],
  ['v2, UDP over IPv6', v2(0x21, 0x22, IPV6_BLOCK), NOBODY],
  ['v2, UNIX stream', v2(0x21, 0x31, '\0'.repeat(216)), NOBODY],
  ['v2, UNIX datagram', v2(0x21, 0x32, `/run/mail${'\0'.repeat(207)}${TLV}`), NOBODY],
];

describe('a header', () => {
  test.each(headers)('%s, split anywhere', (_what, text, header) => {
    for (const rest of ['', '\r', 'EHLO client.example\r\n', '\r\n\r\n\0\r\nQUIT\n!']) {
      for (const chunks of splitsOf(Buffer.concat([text, octets(rest)]))) {
        expect(read(chunks)).toEqual({ header, rest: octets(rest) });
      }
    }
  });

  test.each(headers)('%s, is not complete before its last octet', (_what, text) => {
    for (const chunk of [text.subarray(0, -1), text.subarray(0, 1), Buffer.alloc(0)]) {
      expect(read([chunk])).toBe('incomplete');
    }
  });

  test('as long as 4,096 octets is taken', () => {
    const text = v2(0x21, 0x11, IPV4_BLOCK + '\x04'.repeat(4_096 - 16 - 12));
    expect(text).toHaveLength(4_096);
    expect(read([text, octets('EHLO')])).toEqual({ header: IPV4, rest: octets('EHLO') });
    expect(read(octetByOctet(text))).toEqual({ header: IPV4, rest: octets('') });
  });

  test('may be followed by more than any header has', () => {
    const rest = Buffer.alloc(70_000, 'a');
    for (const [, text, header] of headers) {
      const reading = read([Buffer.concat([text, rest])]);
      expect(reading).toMatchObject({ header });
      expect(typeof reading === 'object' && reading.rest.equals(rest)).toBe(true);
    }
  });

  test('may come in empty chunks too', () => {
    const nothing = Buffer.alloc(0);
    expect(read([nothing, octets('PROXY '), nothing, octets('UNKNOWN\r'), nothing, octets('\n')])).toEqual({
      header: NOBODY,
      rest: nothing,
    });
  });
});

describe('what is no header of version 1', () => {
  // The mark shows behind which octet it is known.
  test.each([
    ['another protocol', 'E|HLO client.example\r\n'],
    ['TLS', '\x16|\x03\x01'],
    ['an empty line', '\n|'],
    ['lower case', 'p|roxy TCP4 192.0.2.1 198.51.100.2 12345 25\r\n'],
    ['a space in front', ' |PROXY TCP4 192.0.2.1 198.51.100.2 12345 25\r\n'],
    ['no protocol', 'PROXY\r|\n'],
    ['no protocol, but a space', 'PROXY \r|\n'],
    ['an HTTP method of that name', 'PROXY /| HTTP/1.1\r\n'],
    ['two spaces before the protocol', 'PROXY  |TCP4 192.0.2.1 198.51.100.2 12345 25\r\n'],
    ['a tab', 'PROXY\t|TCP4 192.0.2.1 198.51.100.2 12345 25\r\n'],
    ['a protocol in lower case', 'PROXY t|cp4 192.0.2.1 198.51.100.2 12345 25\r\n'],
    ['another protocol', 'PROXY TCP5|'],
    ['UDP', 'PROXY UD|P4 192.0.2.1 198.51.100.2 12345 25\r\n'],
    ['more behind TCP4', 'PROXY TCP46| '],
    ['more behind UNKNOWN', 'PROXY UNKNOWNS|\r\n'],
    ['nothing behind TCP4', 'PROXY TCP4\r|\n'],
    ['a tab behind TCP4', 'PROXY TCP4\t|'],
    ['addresses alone', 'PROXY TCP4 192.0.2.1 198.51.100.2\r|\n'],
    ['one port', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345\r|\n'],
    ['three ports', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345 25 25\r|\n'],
    ['a space behind TCP4 and its fields', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345 25 \r|\n'],
    ['two spaces before an address', 'PROXY TCP4  192.0.2.1 198.51.100.2 12345 25\r|\n'],
    ['two spaces between addresses', 'PROXY TCP4 192.0.2.1  198.51.100.2 12345 25\r|\n'],
    ['two spaces before a port', 'PROXY TCP4 192.0.2.1 198.51.100.2  12345 25\r|\n'],
    ['a tab between ports', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345\t|25\r\n'],
    ['an IPv6 address in TCP4', 'PROXY TCP4 2001:|db8::1 198.51.100.2 12345 25\r\n'],
    ['an IPv4 address in TCP6', 'PROXY TCP6 192.0.2.1 2001:db8::1 12345 25\r|\n'],
    ['an IPv4 address as the second in TCP6', 'PROXY TCP6 2001:db8::1 192.0.2.1 12345 25\r|\n'],
    ['a number above 255', 'PROXY TCP4 192.0.2.256 198.51.100.2 12345 25\r|\n'],
    ['a number above 255 in the second', 'PROXY TCP4 192.0.2.1 198.51.100.256 12345 25\r|\n'],
    ['three numbers', 'PROXY TCP4 192.0.2 198.51.100.2 12345 25\r|\n'],
    ['a zero in front', 'PROXY TCP4 192.0.2.01 198.51.100.2 12345 25\r|\n'],
    ['a zero in front of the first number', 'PROXY TCP4 010.0.2.1 198.51.100.2 12345 25\r|\n'],
    ['a zero in front, in the second', 'PROXY TCP4 192.0.2.1 198.51.00.2 12345 25\r|\n'],
    ['a zero in front, in an IPv4-mapped one', 'PROXY TCP6 ::ffff:010.0.2.1 ::1 12345 25\r|\n'],
    ['a name', 'PROXY TCP4 l|ocalhost 198.51.100.2 12345 25\r\n'],
    ['two "::"', 'PROXY TCP6 2001::db8::1 ::1 12345 25\r|\n'],
    ['nine groups', 'PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 12345 25\r|\n'],
    ['a zone', 'PROXY TCP6 fe80::1%|eth0 ::1 12345 25\r\n'],
    ['an address in brackets', 'PROXY TCP6 [|::1] ::1 12345 25\r\n'],
    ['65536', 'PROXY TCP4 192.0.2.1 198.51.100.2 65536 25\r|\n'],
    ['65536 as the second', 'PROXY TCP4 192.0.2.1 198.51.100.2 25 65536\r|\n'],
    ['six digits', 'PROXY TCP4 192.0.2.1 198.51.100.2 123456 25\r|\n'],
    ['a zero in front of a port', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345 025\r|\n'],
    ['a port of two zeros', 'PROXY TCP4 192.0.2.1 198.51.100.2 00 25\r|\n'],
    ['a sign', 'PROXY TCP4 192.0.2.1 198.51.100.2 +|12345 25\r\n'],
    ['a negative port', 'PROXY TCP4 192.0.2.1 198.51.100.2 -|1 25\r\n'],
    ['a hexadecimal port', 'PROXY TCP4 192.0.2.1 198.51.100.2 0x|19 25\r\n'],
    ['a port that is an address', 'PROXY TCP6 ::1 ::1 ab 25\r|\n'],
    ['LF alone', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345 25\n|'],
    ['LF alone behind UNKNOWN', 'PROXY UNKNOWN\n|'],
    ['LF within UNKNOWN', 'PROXY UNKNOWN a\n|b\r\n'],
    ['CR alone', 'PROXY TCP4 192.0.2.1 198.51.100.2 12345 25\rE|HLO'],
    ['CR alone within UNKNOWN', 'PROXY UNKNOWN a\rb|\r\n'],
    ['CR CR LF', 'PROXY UNKNOWN\r\r|\n'],
    ['octets beyond ASCII', 'PROXY TCP4 192.0.2.\xb9| 198.51.100.2 12345 25\r\n'],
  ])('%s: %j', (_what, text) => {
    const mark = text.indexOf('|');
    const whole = octets(text.replace('|', ''));
    expect(refusedAt(whole)).toBe(mark);
    for (const chunks of splitsOf(whole)) expect(read(chunks)).toBe('malformed');
  });

  test('a line of 108 octets, known without its end', () => {
    const line = `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`;
    expect(line).toHaveLength(108);
    expect(refusedAt(octets(line))).toBe(106);
    for (const chunks of splitsOf(octets(line))) expect(read(chunks)).toBe('malformed');
    expect(read([octets(`${line.slice(0, -3)}\r\n`)])).toEqual({ header: NOBODY, rest: octets('') });
  });

  test.each(['TCP4 1', 'TCP4  ', 'TCP6 :', 'UNKNOWN  '])('a line without an end: PROXY %s', (beginning) => {
    const last = beginning.at(-1)!;
    expect(refusedAt(octets(`PROXY ${beginning}${last.repeat(1_000)}`))).toBe(106);
    expect(read([octets(`PROXY ${beginning}${last.repeat(100_000)}\r\n`)])).toBe('malformed');
  });
});

describe('what is no header of version 2', () => {
  test('any other octet in the signature', () => {
    const text = v2(0x21, 0x11, IPV4_BLOCK);
    for (let index = 1; index < 12; index++) {
      const other = Buffer.from(text);
      other[index]! ^= 0x20;
      expect(refusedAt(other)).toBe(index + 1);
      for (const chunks of splitsOf(other)) expect(read(chunks)).toBe('malformed');
    }
  });

  test.each([0x00, 0x01, 0x10, 0x11, 0x22, 0x2f, 0x30, 0x31, 0xff])('version and command 0x%x', (command) => {
    const text = v2(command, 0x11, IPV4_BLOCK);
    expect(refusedAt(text)).toBe(13);
    expect(read([text])).toBe('malformed');
  });

  test.each([0x03, 0x13, 0x1f, 0x23, 0x33, 0x40, 0x41, 0xf1, 0xff])('family and protocol 0x%x', (family) => {
    const text = v2(0x21, family, '\0'.repeat(216));
    expect(refusedAt(text)).toBe(14);
    expect(read([text])).toBe('malformed');
  });

  test.each([
    ['TCP over IPv4', 0x11, 11],
    ['UDP over IPv4', 0x12, 0],
    ['TCP over IPv6', 0x21, 35],
    ['UDP over IPv6', 0x22, 12],
    ['UNIX stream', 0x31, 215],
    ['UNIX datagram', 0x32, 36],
  ])('too short a block for %s', (_what, family, length) => {
    const text = v2(0x21, family, '\0'.repeat(300), length);
    expect(refusedAt(text)).toBe(16);
    expect(read([text])).toBe('malformed');
  });

  test.each([0x20, 0x21])('a header of 4,097 octets, command 0x%x', (command) => {
    const text = v2(command, 0x11, IPV4_BLOCK, 4_081);
    expect(refusedAt(text)).toBe(16);
    expect(read([Buffer.concat([text, Buffer.alloc(4_096)])])).toBe('malformed');
    expect(read([v2(command, 0x11, '', 0xffff)])).toBe('malformed');
  });
});

const address = fc.oneof(
  fc.record({ family: fc.constant('4'), from: fc.ipV4(), to: fc.ipV4() }),
  fc.record({ family: fc.constant('6'), from: fc.ipV6(), to: fc.ipV6() }),
);
const port = fc.nat({ max: 65_535 });

test('any addresses and ports are read, whatever follows, split anywhere', () => {
  const line = fc.tuple(address, port, port).map(([{ family, from, to }, source, destination]) => ({
    text: `PROXY TCP${family} ${from} ${to} ${source} ${destination}\r\n`,
    source,
    destination,
  }));
  holds(
    line.chain(({ text, ...ports }) =>
      split(octetsOf(['EHLO', '\r\n', 'PROXY '], 4).map((rest) => Buffer.concat([octets(text), rest]))).map(
        (split) => ({
          ...split,
          ...ports,
          length: text.length,
        }),
      ),
    ),
    ({ chunks, destination, length, octets, source }) => {
      const reading = read(chunks);
      expect(reading).toMatchObject({ header: { source: { port: source }, destination: { port: destination } } });
      expect(reading).toEqual(read([octets]));
      expect(reading).toMatchObject({ rest: octets.subarray(length) });
    },
  );
});

// So that what is nearly a header is common.
const fragments = [
  'PROXY ',
  'TCP4 ',
  'TCP6 ',
  'UNKNOWN',
  ' ',
  '1',
  '192.0.2.1 ',
  '::1 ',
  '25',
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n\0\r\nQUIT\n',
  '\x20',
  '\x21',
  '\x11',
  '\x00',
  '\x00\x0c',
  IPV4_BLOCK,
];

test('any octets, split anywhere, are read alike; nothing is read twice, and nothing waits for ever', () => {
  holds(
    split(octetsOf(fragments, 12)),
    ({ chunks, octets }) => {
      const whole = read([octets]);
      expect(read(chunks)).toEqual(whole);
      expect(read(octetByOctet(octets))).toEqual(whole);
      if (whole === 'incomplete') {
        expect(read([octets, Buffer.alloc(4_096, 'P')])).not.toBe('incomplete');
      } else if (whole !== 'malformed') {
        expect(octets.subarray(octets.length - whole.rest.length)).toEqual(whole.rest);
        expect(read([octets.subarray(0, octets.length - whole.rest.length)])).toEqual({
          header: whole.header,
          rest: Buffer.alloc(0),
        });
      }
    },
    1_000,
  );
});
