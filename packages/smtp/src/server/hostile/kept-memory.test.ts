// What stays in memory of what was read: octets by the megabyte pass through, and little of them is to be kept.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { MemoryDialogue } from '../../testing/memory-dialogue.ts';
import { Reader } from '../../wire/reader.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const CHUNK = 65_536;
const MESSAGES = 500;

/** Octets that are in use after `run` and were not before; what it returns counts. */
function keptBy(run: () => unknown): number {
  const used = (): number => {
    collectGarbage();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const before = used();
  const kept = run();
  const after = used();
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
