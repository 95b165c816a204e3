import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { octetByOctet, octetsOf, split, splitsOf } from '../testing/split.ts';
import { stuff, unstuff, Unstuffer } from './dot-stuffing.ts';
import { TerminatorScanner } from './terminator-scanner.ts';

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('stuff', () => {
  test.each([
    ['', '.\r\n'],
    ['a', 'a\r\n.\r\n'],
    ['a\r\n', 'a\r\n.\r\n'],
    ['a\n', 'a\n\r\n.\r\n'],
    ['a\r', 'a\r\r\n.\r\n'],
    ['.', '..\r\n.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['..a\r\n.b\r\n', '...a\r\n..b\r\n.\r\n'],
    ['a.b\r\n', 'a.b\r\n.\r\n'],
    ['.\r\n.\r\n.\r\n', '..\r\n..\r\n..\r\n.\r\n'],
    // A dot after a bare LF or CR is at no line's start.
    ['a\n.b\r.c\r\n', 'a\n.b\r.c\r\n.\r\n'],
  ])('%j goes out as %j', (content, wire) => {
    expect(stuff(octets(content)).toString('latin1')).toBe(wire);
  });
});

describe('unstuff', () => {
  test.each([
    ['', ''],
    ['a\r\n', 'a\r\n'],
    ['..a\r\n', '.a\r\n'],
    ['...\r\n', '..\r\n'],
    ['a\r\n..\r\n..b\r\n', 'a\r\n.\r\n.b\r\n'],
    // RFC 5321 §4.5.2: the first dot of a line goes, also where the client had forgotten the second.
    ['.a\r\n', 'a\r\n'],
    ['.\na\r\n', '\na\r\n'],
    ['a\n..b\r..c\r\n', 'a\n..b\r..c\r\n'],
  ])('%j comes in as %j, split anywhere', (wire, content) => {
    for (const pieces of splitsOf(octets(wire))) expect(unstuff(pieces).toString('latin1')).toBe(content);
  });

  test('leaves a piece without a stuffed dot as it is, and does not copy it', () => {
    const unstuffer = new Unstuffer();
    const pieces = ['a.b\r', '\nc\r\n', 'd\r\n'].map(octets);
    for (const piece of pieces) expect(unstuffer.push(piece)).toBe(piece);
  });

  test('looks for nothing where it is told that there is nothing, and knows where it stands all the same', () => {
    const unstuffer = new Unstuffer();
    const first = octets('a\r\n.b\r\n');
    expect(unstuffer.push(first, false)).toBe(first);
    expect(unstuffer.push(octets('.c')).toString()).toBe('c');
  });

  test('knows where it stands over a piece without an octet', () => {
    const pieces = ['a\r', '', '\n', '', '..b'].map(octets);
    expect(unstuff(pieces).toString()).toBe('a\r\n.b');
  });

  test('never changes the piece that it was given', () => {
    const piece = octets('..a\r\n..b\r\n');
    unstuff([piece]);
    expect(piece.toString()).toBe('..a\r\n..b\r\n');
  });
});

// Runs that are copied octet by octet, that are moved at once, and that are longer than what is stepped through.
const runs = ['x', 'xyz'.repeat(6), 'xyz'.repeat(50)];
const fragments = ['.', '..', '\r', '\n', '\r\n', '\r\n.', '\r\n.\r\n', '\xff', ...runs];

test('what is stuffed, sent, cut anywhere and unstuffed is what it was, with CRLF where that was missing', () => {
  const message = octetsOf(fragments, 20).chain((content) =>
    split(fc.constant(stuff(content))).map(({ chunks }) => ({ content: content.toString('latin1'), chunks })),
  );
  holds(message, ({ content, chunks }) => {
    const expected = content === '' || content.endsWith('\r\n') ? content : `${content}\r\n`;
    expect(receive(chunks)).toEqual({ content: expected, size: expected.length, left: 0 });
  });
});

test('any octets, cut anywhere, lose the dot that CRLF or the beginning precedes, and nothing else', () => {
  holds(split(octetsOf(fragments, 20)), ({ octets: wire, chunks }) => {
    const content = wire.toString('latin1').replace(/(^|\r\n)\./g, '$1');
    for (const pieces of [[wire], chunks, octetByOctet(wire)]) expect(unstuff(pieces).toString('latin1')).toBe(content);
  });
});

test('whoever goes by what the scanner says of dots misses none', () => {
  holds(split(octetsOf(fragments, 20)), ({ octets: wire, chunks }) => {
    for (const way of [chunks, octetByOctet(wire)]) expect(receive(way)).toEqual(receive(way, false));
  });
});

/** Reads a body as a server does. `left` are the octets behind its end, which ought to be none. */
function receive(chunks: readonly Buffer[], goesByScanner = true): { content: string; size: number; left: number } {
  const scanner = new TerminatorScanner();
  const unstuffer = new Unstuffer();
  let content = '';
  let left = 0;
  for (const chunk of chunks) {
    const take = (piece: Buffer, dotted: boolean): void =>
      void (content += unstuffer.push(piece, dotted || !goesByScanner).toString('latin1'));
    left += scanner.ended ? chunk.length : chunk.length - scanner.scan(chunk, 0, take);
  }
  return { content, size: scanner.size, left: scanner.ended ? left : Number.NaN };
}
