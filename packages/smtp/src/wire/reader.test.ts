import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { octetByOctet, octetsOf, split, splitsOf } from '../testing/split.ts';
import { Reader, type LineFault } from './reader.ts';

const LIMIT = 32;
const BARE: LineFault = { fault: 'bare line ending' };
const TOO_LONG: LineFault = { fault: 'too long' };

type Line = string | LineFault;

/** Every line that can be read, as soon as it can be. A line that is too long is the last: its session ends. */
function readLines(chunks: readonly Buffer[], reader: Reader = new Reader()): Line[] {
  const lines: Line[] = [];
  for (const chunk of chunks) {
    reader.feed(chunk);
    for (let line = reader.readLine(LIMIT); line !== undefined; line = reader.readLine(LIMIT)) {
      lines.push(line);
      if (typeof line !== 'string' && line.fault === 'too long') return lines;
    }
  }
  return lines;
}

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Reads the text split in every way, and gives what all agree on. */
function readEveryWay(text: string): Line[] {
  const results = splitsOf(octets(text)).map((chunks) => readLines(chunks));
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0]!;
}

describe('a line', () => {
  test('ends with CRLF, wherever it was split, between CR and LF too', () => {
    expect(readEveryWay('NOOP\r\n\r\nQUIT\r\n')).toEqual(['NOOP', '', 'QUIT']);
  });

  test('is not there before its LF is', () => {
    expect(readLines(['NO', 'OP', '\r'].map(octets))).toEqual([]);
  });

  test('is read as latin1: an octet is a character', () => {
    expect(readEveryWay('\x00\x80\xff\r\n')).toEqual(['\x00\x80\xff']);
  });

  test('may be of any length up to the limit', () => {
    expect(readEveryWay(`${'x'.repeat(LIMIT)}\r\n`)).toEqual(['x'.repeat(LIMIT)]);
  });
});

describe('a bare LF', () => {
  test('is refused at once', () => {
    expect(readEveryWay('NOOP\n')).toEqual([BARE]);
    expect(readEveryWay('\n')).toEqual([BARE]);
  });

  test('takes what follows, up to the next CRLF, with it', () => {
    expect(readEveryWay('EHLO a\nMAIL b\n\n\rRCPT c\r\r\nNOOP\r\nQUIT\r\n')).toEqual([BARE, 'NOOP', 'QUIT']);
  });

  test('is refused anew after that', () => {
    const rest = 'x'.repeat(LIMIT - 1);
    expect(readEveryWay(`a\n${rest}\r\nc\n${rest}\r\nQUIT\r\n`)).toEqual([BARE, BARE, 'QUIT']);
  });

  test('costs no memory while the CRLF does not come', () => {
    const reader = new Reader();
    const chunk = octets('x'.repeat(LIMIT / 4));
    expect(readLines([octets('NOOP\n'), chunk, chunk, chunk], reader)).toEqual([BARE]);
    expect(reader.pending).toBeLessThanOrEqual(1);
    expect(readLines([octets('\r\nQUIT\r\n')], reader)).toEqual(['QUIT']);
  });

  test('has an end all the same: what follows it counts as one line', () => {
    expect(readEveryWay(`a\n${'x\n'.repeat(LIMIT)}`)).toEqual([BARE, TOO_LONG]);
    expect(readEveryWay(`a\n${'\n'.repeat(LIMIT + 1)}`)).toEqual([BARE, TOO_LONG]);
  });
});

describe('a bare CR', () => {
  test.each(['NO\rOP', '\rNOOP', 'NOOP\r', '\r', '\r\r\r'])('in %j is refused with its line', (line) => {
    expect(readEveryWay(`${line}\r\nQUIT\r\n`)).toEqual([BARE, 'QUIT']);
  });
});

describe('a line that is too long', () => {
  test.each([
    ['and complete', `${'x'.repeat(LIMIT + 1)}\r\n`],
    ['and incomplete', 'x'.repeat(LIMIT + 1)],
    ['up to its CR', `${'x'.repeat(LIMIT + 1)}\r`],
    ['and has a bare CR', `${'x'.repeat(LIMIT)}\rx\r\n`],
    ['and ends with LF alone', `${'x'.repeat(LIMIT + 1)}\n`],
  ])('%s', (_what, line) => {
    expect(readEveryWay(`NOOP\r\n${line}`)).toEqual(['NOOP', TOO_LONG]);
  });

  test('a CR that may be half of the end does not count', () => {
    expect(readEveryWay(`${'x'.repeat(LIMIT)}\r`)).toEqual([]);
  });

  test('is not kept', () => {
    const reader = new Reader();
    expect(readLines([octets('x'.repeat(LIMIT + 1))], reader)).toEqual([TOO_LONG]);
    expect(reader.pending).toBe(0);
  });

  test('is measured in octets', () => {
    expect(readEveryWay('é'.repeat(LIMIT).concat('\r\n'))).toEqual(['é'.repeat(LIMIT)]);
  });
});

test('any octets, split anywhere, are the same lines', () => {
  const fragments = ['\r', '\n', '\r\n', 'NOOP\r\n', 'x', 'xxxxxxxx', '\0', '\xff'];
  holds(split(octetsOf(fragments, 24)), ({ octets, chunks }) => {
    const whole = readLines([octets]);
    expect(readLines(chunks)).toEqual(whole);
    expect(readLines(octetByOctet(octets))).toEqual(whole);
    for (const line of whole) {
      if (typeof line === 'string') expect(line).not.toMatch(/[\r\n]/);
    }
  });
});

describe('a body', () => {
  /** Reads a line, a body, and the lines after it. */
  function readThrough(chunks: readonly Buffer[]): { content: string; size: number | undefined; lines: Line[] } {
    const reader = new Reader();
    const pieces: Buffer[] = [];
    const lines: Line[] = [];
    let size: number | undefined;
    for (const chunk of chunks) {
      reader.feed(chunk);
      if (lines.length === 0) {
        const line = reader.readLine(LIMIT);
        if (line === undefined) continue;
        lines.push(line);
      }
      size ??= reader.readBody((piece) => pieces.push(piece));
      if (size === undefined) continue;
      for (let line = reader.readLine(LIMIT); line !== undefined; line = reader.readLine(LIMIT)) lines.push(line);
    }
    return { content: Buffer.concat(pieces).toString('latin1'), size, lines };
  }

  test.each([
    ['of two lines', 'one\r\ntwo\r\n', 10],
    ['without a line', '', 0],
    ['with bare line endings, which are content', 'a\rb\n.\nc\r.\rd\r\n', 13],
    ['with octets beyond ASCII', '\xe9\x80\0\r\n', 5],
    ['with dots that transparency added, which do not count', '..a\r\n...\r\n', 8],
    ['longer than any line may be', `${'x'.repeat(10 * LIMIT)}\r\n`, 10 * LIMIT + 2],
  ])('%s ends where it ends, and commands follow in the same breath', (_what, content, size) => {
    for (const chunks of splitsOf(octets(`DATA\r\n${content}.\r\nNOOP\r\nQUIT\r\n`))) {
      expect(readThrough(chunks)).toEqual({ content, size, lines: ['DATA', 'NOOP', 'QUIT'] });
    }
  });

  test('may follow another', () => {
    const reader = new Reader();
    const sizes: (number | undefined)[] = [];
    for (const chunk of octetByOctet(octets('a\r\n.\r\nbcd\r\n.\r\n'))) {
      reader.feed(chunk);
      const size = reader.readBody(() => {});
      if (size !== undefined) sizes.push(size);
    }
    expect(sizes).toEqual([3, 5]);
  });

  test('is handed out as it lies in the chunk, and not copied', () => {
    const reader = new Reader();
    const chunk = octets(`${'x'.repeat(100)}\r\n.\r\n`);
    reader.feed(chunk);
    reader.readBody((piece) => {
      expect(piece.buffer).toBe(chunk.buffer);
      expect(piece.byteOffset).toBe(chunk.byteOffset);
    });
    expect.assertions(2);
  });
});

describe('a chunk (RFC 3030 §2)', () => {
  /** Reads a line, so many octets, and the lines after them. */
  function readThrough(chunks: readonly Buffer[], size: number): { content: string; lines: Line[] } {
    const reader = new Reader();
    const pieces: Buffer[] = [];
    const lines: Line[] = [];
    let left = size;
    for (const chunk of chunks) {
      reader.feed(chunk);
      if (lines.length === 0) {
        const line = reader.readLine(LIMIT);
        if (line === undefined) continue;
        lines.push(line);
      }
      left -= reader.readChunk(left, (piece) => pieces.push(piece));
      if (left > 0) continue;
      for (let line = reader.readLine(LIMIT); line !== undefined; line = reader.readLine(LIMIT)) lines.push(line);
    }
    return { content: Buffer.concat(pieces).toString('latin1'), lines };
  }

  test.each([
    ['of text', 'one\r\ntwo\r\n'],
    ['of nothing', ''],
    ['of what would end a body', '\r\n.\r\n'],
    ['of commands', 'RSET\r\nQUIT\r\n'],
    ['that ends in the middle of a line', 'one\r\ntw'],
    ['that ends between CR and LF', 'one\r'],
    ['of any octets', '\0\xff\r\r\n\n\x80'],
    ['longer than any line may be', 'x'.repeat(10 * LIMIT)],
  ])('%s is as long as it was said to be, and commands follow in the same breath', (_what, content) => {
    for (const chunks of splitsOf(octets(`BDAT\r\n${content}NOOP\r\nQUIT\r\n`))) {
      expect(readThrough(chunks, content.length)).toEqual({ content, lines: ['BDAT', 'NOOP', 'QUIT'] });
    }
  });

  test('is handed out as it lies in what was fed, and what is not there is not handed out', () => {
    const reader = new Reader();
    const pieces: Buffer[] = [];
    const take = (piece: Buffer): void => void pieces.push(piece);
    const fed = octets('abc');
    reader.feed(fed);
    expect(reader.readChunk(2, take)).toBe(2);
    expect(reader.readChunk(0, take)).toBe(0);
    expect(reader.readChunk(9, take)).toBe(1);
    expect(reader.readChunk(9, take)).toBe(0);
    expect(pieces.map(String)).toEqual(['ab', 'c']);
    expect(pieces[0]!.buffer).toBe(fed.buffer);
    expect(reader.pending).toBe(0);
  });
});

describe('what is pending', () => {
  test('are the octets fed and not read, of lines begun earlier too', () => {
    const reader = new Reader();
    reader.feed(octets('NOOP\r\nQU'));
    expect(reader.pending).toBe(8);
    reader.readLine(LIMIT);
    reader.readLine(LIMIT);
    expect(reader.pending).toBe(2);
    reader.feed(octets('IT\r\n'));
    expect(reader.pending).toBe(6);
  });

  test('can be thrown away, and is counted', () => {
    const reader = new Reader();
    reader.feed(octets('STARTTLS\r\nNOOP\r\nMA'));
    expect(reader.readLine(LIMIT)).toBe('STARTTLS');
    expect(reader.discard()).toBe(8);
    expect(reader.pending).toBe(0);
    expect(readLines([octets('QUIT\r\n')], reader)).toEqual(['QUIT']);
  });

  test('can be thrown away in the middle of a line, refused or not', () => {
    for (const begun of ['MA', 'MA\nIL', 'MAIL\r']) {
      const reader = new Reader();
      readLines([octets(begun)], reader);
      reader.discard();
      expect(readLines([octets('QUIT\r\n')], reader)).toEqual(['QUIT']);
    }
  });

  test('is kept when more comes before it was read', () => {
    const reader = new Reader();
    for (const part of ['NO', 'OP\r', '\nQUIT\r\n']) reader.feed(octets(part));
    expect(reader.readLine(LIMIT)).toBe('NOOP');
    expect(reader.readLine(LIMIT)).toBe('QUIT');
  });
});
