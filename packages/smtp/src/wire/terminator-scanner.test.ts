import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { octetByOctet, octetsOf, split, splitsOf } from '../testing/split.ts';
import { TerminatorScanner } from './terminator-scanner.ts';

interface Scan {
  readonly content: string;
  /** `null` where the end has not come. */
  readonly rest: string | null;
  readonly size: number;
}

function scan(chunks: readonly Buffer[]): Scan {
  const scanner = new TerminatorScanner();
  const pieces: Buffer[] = [];
  let rest: string | null = null;
  for (const chunk of chunks) {
    const end: number = rest === null ? scanner.scan(chunk, 0, (piece) => pieces.push(piece)) : 0;
    if (scanner.ended) rest = (rest ?? '') + chunk.toString('latin1', end);
    else if (end !== chunk.length) throw new Error('Some of the chunk is left, although the end has not come');
  }
  return { content: Buffer.concat(pieces).toString('latin1'), rest, size: scanner.size };
}

/** What RFC 5321 §4.1.1.4 and §4.5.2 say of a body that came whole. */
function expectedOf(text: string): Scan {
  const end = text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n') + 2;
  if (end === 1) return { content: text, rest: null, size: sizeOf(text) };
  return { content: text.slice(0, end), rest: text.slice(end + 3), size: sizeOf(text.slice(0, end)) };
}

const sizeOf = (content: string): number => content.replace(/(^|\r\n)\./g, '$1').length;

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

const lineEndings = ['\n', '\r', '\r\n'];
const aroundDots = lineEndings.flatMap((before) => lineEndings.map((after) => [before, after] as const));

describe('CRLF . CRLF is the end, and nothing else is (CVE-2023-51764)', () => {
  test.each(aroundDots)('%j . %j, split anywhere', (before, after) => {
    const ends = before === '\r\n' && after === '\r\n';
    const text = `x${before}.${after}y\r\n.\r\nQUIT\r\n`;
    const content = ends ? 'x\r\n' : `x${before}.${after}y\r\n`;
    const rest = ends ? 'y\r\n.\r\nQUIT\r\n' : 'QUIT\r\n';
    const size = content.length - (before === '\r\n' && !ends ? 1 : 0);
    for (const chunks of splitsOf(octets(text))) expect(scan(chunks)).toEqual({ content, rest, size });
  });

  test.each([
    '\r.\r\n',
    '\n.\r\n',
    '\r\r.\r\n',
    '\n\r.\r\n',
    '\r\n\r.\r\n',
    '\r\n.\r\r\n',
    '\r\n.\n\r\n',
    '\r\n..\r\n',
    '\r\n. \r\n',
  ])('x %j is not, split anywhere', (almost) => {
    for (const chunks of splitsOf(octets(`x${almost}`))) expect(scan(chunks).rest).toBeNull();
  });

  test.each(['\r\n\r\n.\r\n', '\r\r\n.\r\n', '.\r\n.\r\n', '\r\n.\r\r\n.\r\n', '\n\r\n.\r\n'])(
    'x %j is, split anywhere',
    (end) => {
      for (const chunks of splitsOf(octets(`x${end}`))) expect(scan(chunks).rest).toBe('');
    },
  );

  test('the CRLF of the DATA line counts as the first (RFC 5321 §4.1.1.4)', () => {
    for (const chunks of splitsOf(octets('.\r\nQUIT')))
      expect(scan(chunks)).toEqual({ content: '', rest: 'QUIT', size: 0 });
  });
});

describe('what may be the end waits', () => {
  test.each([
    ['x\r\n.', 'x\r\n', 'y', '.y'],
    ['x\r\n.\r', 'x\r\n', 'y', '.\ry'],
    ['x\r\n.\r', 'x\r\n', '\r\n', '.\r\r\n'],
    ['x\r\n.', 'x\r\n', '.\r\n', '..\r\n'],
    ['.', '', '.\r\n', '..\r\n'],
    ['.\r', '', '.\r\n', '.\r.\r\n'],
  ])('after %j come %j, after %j the rest', (first, before, second, after) => {
    const scanner = new TerminatorScanner();
    const taken: string[] = [];
    const take = (piece: Buffer): number => taken.push(piece.toString('latin1'));
    scanner.scan(octets(first), 0, take);
    expect(taken.splice(0).join('')).toBe(before);
    scanner.scan(octets(second), 0, take);
    expect(taken.join('')).toBe(after);
    expect(scanner.ended).toBe(false);
  });

  test('and is never handed out where it is the end', () => {
    for (const chunks of splitsOf(octets('x\r\n.\r\n'))) expect(scan(chunks).content).toBe('x\r\n');
  });

  test('no piece is empty', () => {
    for (const chunks of splitsOf(octets('x\r\n.\r..\r\n.\r\n'))) {
      const scanner = new TerminatorScanner();
      for (const chunk of chunks) scanner.scan(chunk, 0, (piece) => expect(piece.length).toBeGreaterThan(0));
    }
  });
});

test.each([
  [
    ['a\r\n', 'b.c\r\n.\r\n'],
    [false, false],
  ],
  [
    ['a\r\n.b\r\n', 'c\r\n'],
    [true, false],
  ],
  [
    ['a\r\n', '.b\r\n.\r\n'],
    [false, true],
  ],
  // The dot that waited comes in a piece of its own.
  [
    ['a\r\n.', 'b'],
    [true, true, false],
  ],
  [
    ['a\r\n.', '\rb'],
    [true, true, false],
  ],
  [['a\r\n.', '\r\n'], [true]],
])('of %j it is told of each piece whether a line in it may begin with a dot: %j', (chunks, dotted) => {
  const scanner = new TerminatorScanner();
  const told: boolean[] = [];
  for (const chunk of chunks) scanner.scan(octets(chunk), 0, (_piece, isDotted) => told.push(isDotted));
  expect(told).toEqual(dotted);
});

test('scanning begins and ends in the middle of a chunk', () => {
  const scanner = new TerminatorScanner();
  const chunk = octets('DATA\r\nx\r\n.\r\nQUIT\r\n');
  const taken: string[] = [];
  expect(scanner.scan(chunk, 6, (piece) => taken.push(String(piece)))).toBe(12);
  expect(taken).toEqual(['x\r\n']);
});

// Runs longer than what is stepped through, so that both ways of searching and the changes between them have their turn.
const runs = [31, 40, 140].map((length) => 'x'.repeat(length));
const fragments = ['\r', '\n', '\r\n', '.', '\r\n.', '\r\n.\r\n', '\r\n..', 'x', ...runs];

test('any octets, split anywhere, end where the RFC says', () => {
  holds(
    split(octetsOf(fragments, 20)),
    ({ octets, chunks }) => {
      const expected = expectedOf(octets.toString('latin1'));
      for (const way of [[octets], chunks, octetByOctet(octets)]) {
        const result = scan(way);
        expect(result.rest).toBe(expected.rest);
        if (expected.rest !== null) expect(result).toEqual(expected);
        // What is held back is at most the beginning of the end.
        else expect([result.content, `${result.content}.`, `${result.content}.\r`]).toContain(expected.content);
      }
    },
    250,
  );
});
