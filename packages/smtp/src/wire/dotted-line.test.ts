import { expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { octetsOf } from '../testing/split.ts';
import { indexOfDottedLine } from './dotted-line.ts';

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

test.each([
  ['', 0, -1],
  ['.', 0, -1],
  ['\n.', 0, -1],
  ['\r\n', 0, -1],
  ['\r\n.', 0, 0],
  ['\r\n.', 1, -1],
  ['x\r\n.', 0, 1],
  ['\r\r\n.', 0, 1],
  ['\r\n\r\n.', 0, 2],
  ['\r\n..\r\n.', 1, 4],
  ['\n.\r.\r\n.', 0, 4],
  ['\r\n.', 7, -1],
])('in %j, from %i on, the first line after CRLF that begins with a dot is at %i', (text, from, found) => {
  expect(indexOfDottedLine(octets(text), from)).toBe(found);
});

test('a dotted line is found wherever it begins', () => {
  for (let before = 0; before < 300; before++) {
    expect(indexOfDottedLine(octets(`${'x'.repeat(before)}\r\n.`), 0)).toBe(before);
  }
});

// Runs longer than what is stepped through, so that the native search has its turn.
const fragments = ['\r', '\n', '\r\n', '.', '\r\n.', 'x', '\xff', 'x'.repeat(40), '\r\n'.repeat(40), 'x'.repeat(140)];

test('in any octets it is found where indexOf finds CRLF and a dot, from anywhere', () => {
  holds(octetsOf(fragments, 12), (any) => {
    for (let from = 0; from <= any.length + 3; from++) {
      expect(indexOfDottedLine(any, from)).toBe(any.indexOf('\r\n.', from));
    }
  });
});
