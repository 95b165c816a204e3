// What stays in memory of what was read: octets by the megabyte pass through, and little of them is to be kept.
import { expect, test } from 'vitest';
import { MemoryDialogue } from '../../testing/memory-dialogue.ts';
import { octetsInUse } from '../../testing/memory.ts';
import { Reader } from '../../wire/reader.ts';

const CHUNK = 65_536;
const MESSAGES = 500;

/** Octets that are in use after `run` and were not before; what it returns counts. */
function keptBy(run: () => unknown): number {
  const before = octetsInUse();
  const kept = run();
  const after = octetsInUse();
  expect(kept).toBeDefined();
  return after - before;
}

test('of a chunk in which a line was, whoever keeps the line keeps little', () => {
  const octets = keptBy(() =>
    Array.from({ length: MESSAGES }, (_, number) => {
      const reader = new Reader();
      reader.feed(Buffer.from(`MAIL FROM:<${number}@example.org>\r\n`.padEnd(CHUNK, 'x')));
      return reader.readLine(512);
    }),
  );
  expect(octets).toBeLessThan(MESSAGES * 8_192);
});

test('of a line that comes octet by octet, little more than its text is kept until it ends', () => {
  const octet = Buffer.from('x');
  const length = 1_024;
  const readers = keptBy(() =>
    Array.from({ length: MESSAGES }, () => {
      const reader = new Reader();
      for (let count = 0; count < length; count++) {
        reader.feed(octet);
        reader.readLine(length);
      }
      return reader;
    }),
  );
  expect(readers).toBeLessThan(MESSAGES * 4 * length);
});

test('an idle session keeps nothing of what it has read', () => {
  const begun = 'EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n';
  const sessions = (content: string): number =>
    keptBy(() =>
      Array.from({ length: MESSAGES }, () => {
        const it = new MemoryDialogue();
        it.dialogue.feed(Buffer.from(`${begun}${content}\r\n.\r\n`));
        it.channel.writes.length = 0;
        return it;
      }),
    );
  // The first runs fill what is kept for everybody.
  sessions('');
  expect(sessions('x'.repeat(CHUNK))).toBeLessThan(MESSAGES * 8_192);
});
