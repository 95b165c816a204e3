import { expect, test } from 'vitest';
import { RoteBody } from './rote-body.mjs';

/** What a body cut at these places reads as, and what is left behind it. */
function read(wire: string, cuts: readonly number[] = []): { content: string; rest: string } {
  const octets = Buffer.from(wire, 'latin1');
  const edges = [0, ...cuts, octets.length];
  const body = new RoteBody();
  let content = '';
  for (let i = 0; i + 1 < edges.length; i++) {
    const chunk = octets.subarray(edges[i], edges[i + 1]);
    const end = body.read(chunk, 0, (piece) => (content += piece.toString('latin1')));
    if (end === -1) continue;
    expect(body.size).toBe(content.length);
    return { content, rest: chunk.toString('latin1', end) + octets.toString('latin1', edges[i + 1]) };
  }
  throw new Error(`The body did not end: ${JSON.stringify(wire)}`);
}

const BODIES: readonly [wire: string, content: string][] = [
  ['.\r\n', ''],
  ['a\r\n.\r\n', 'a\r\n'],
  ['..\r\n.\r\n', '.\r\n'],
  ['...\r\n..a\r\n.\r\n', '..\r\n.a\r\n'],
  ['.a\r\n.\r\n', 'a\r\n'],
  // Neither is an end (RFC 5321 §2.3.8).
  ['a\n.\n.\r\n\r\n.\r\n', 'a\n.\n.\r\n\r\n'],
  ['a\r.\r\r\n.\r\n', 'a\r.\r\r\n'],
  // A dot and a CR that no LF follows.
  ['.\ra\r\n.\r\n', '\ra\r\n'],
  ['.\r\r\n.\r\n', '\r\r\n'],
  ['x.\r\n\r\n..\r\n.\r\n', 'x.\r\n\r\n.\r\n'],
];

test.each(BODIES)('%j is read exactly, wherever it is cut', (wire, content) => {
  const expected = { content, rest: 'QUIT\r\n' };
  const whole = `${wire}QUIT\r\n`;
  expect(read(whole)).toEqual(expected);
  for (let first = 0; first <= wire.length; first++) {
    for (let second = first; second <= wire.length; second++) expect(read(whole, [first, second])).toEqual(expected);
  }
});

test('a body of many chunks is read exactly', () => {
  const line = `${'x'.repeat(61)}\r\n`;
  const content = `${line}.\r\n`.repeat(200);
  const wire = `${content.replaceAll('\r\n.', '\r\n..')}.\r\n`;
  const cuts = Array.from({ length: Math.floor(wire.length / 37) }, (_, i) => (i + 1) * 37);
  expect(read(wire, cuts)).toEqual({ content, rest: '' });
});
