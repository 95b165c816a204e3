// The network may cut what a client sends anywhere: nothing that a server says may depend on it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { MemoryDialogue } from '../testing/memory-dialogue.ts';
import { octetByOctet, octetsOf, split } from '../testing/split.ts';
import { reply } from '../wire/reply.ts';
import type { SessionHandler } from './handler.ts';

const HELLO = 'EHLO client.example';
const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';
const noSuchUser = reply(550, '5.1.1', 'No such user');

// Commands that lead on, and octets that have led servers astray.
const fragments = [
  'EHLO client.example\r\n',
  'LHLO client.example\r\n',
  'MAIL FROM:<ann@example.org>\r\n',
  'MAIL FROM:<j\xc3\xb6rg@example.org> SMTPUTF8 SIZE=1\r\n',
  'RCPT TO:<bob@example.com>\r\n',
  'RCPT TO:<no@example.com>\r\n',
  'DATA\r\n',
  'text\r\n',
  '.\r\n',
  '\r\n.\r\n',
  '..\r\n',
  '\n.\n',
  '\r.\r',
  'AUTH LOGIN\r\n',
  'AUTH PLAIN AGFubgBzZWNyZXQ=\r\n',
  'YW5u\r\n',
  '*\r\n',
  'STARTTLS\r\n',
  'BDAT 6\r\n',
  'BDAT 40\r\n',
  'BDAT 0 LAST\r\n',
  'BDAT 12 LAST\r\n',
  'BDAT LAST\r\n',
  'POST / HTTP/1.1\r\n',
  'RSET\r\n',
  'NOOP\n',
  'NO\rOP\r\n',
  '\0\x01\xff\x80',
  '\x16\x03\x01',
  '\r',
  '\n',
  '\r\n',
  'x'.repeat(200),
  'QUIT\r\n',
];

test.each(['smtp', 'lmtp'] as const)(
  'any octets, split anywhere, earn the same replies in %s, and nothing throws',
  (protocol) => {
    const play = (chunks: readonly Buffer[]): object => {
      const content: string[] = [];
      const handler: SessionHandler = {
        rcpt: ({ localPart }) => (localPart === 'no' ? noSuchUser : undefined),
        body: () => ({
          write: (piece) => void content.push(piece.toString('latin1')),
          end: (recipients, size) => {
            content.push(`(${size})`);
            return recipients.map(({ forwardPath }, index) =>
              index % 2 === 0 ? undefined : reply(452, null, forwardPath.address),
            );
          },
          abort: () => void content.push('(aborted)'),
        }),
      };
      const limits = { maxSize: 100, rejectOversized: true, maxUnknownCommands: 8 } as const;
      const it = new MemoryDialogue(handler, { protocol, startTls: 'available', authInsecure: true, ...limits });
      for (const chunk of chunks) it.dialogue.feed(chunk);
      const { closedBy, handshakes, text } = it.channel;
      return { text, closedBy, handshakes, content: content.join(''), phase: it.session.phase };
    };
    // Most random sessions would end before a body: they begin in one, or shortly before.
    const hello = protocol === 'lmtp' ? 'LHLO client.example\r\n' : `${HELLO}\r\n`;
    const begun = ['', hello, `${hello}${MAIL}\r\n${RCPT}\r\n`, `${hello}${MAIL}\r\n${RCPT}\r\nDATA\r\n`];
    const session = fc.tuple(fc.constantFrom(...begun), octetsOf(fragments, 30));
    holds(
      split(session.map(([begun, rest]) => Buffer.concat([Buffer.from(begun), rest]))),
      ({ octets, chunks }) => {
        const whole = play([octets]);
        expect(play(chunks)).toEqual(whole);
        expect(play(octetByOctet(octets))).toEqual(whole);
      },
      200,
    );
  },
);

test('what looks like TLS after a line that was refused is a line, whole or octet by octet', () => {
  const play = (chunks: readonly Buffer[]): number[] => {
    const it = new MemoryDialogue();
    for (const chunk of chunks) it.dialogue.feed(chunk);
    return it.heard();
  };
  const octets = Buffer.from('NOOP\n\r\n\x16\x03\x01\r\nNOOP\r\n\x16', 'latin1');
  expect(play([octets])).toEqual([220, 500, 500, 250, 421]);
  expect(play(octetByOctet(octets))).toEqual([220, 500, 500, 250, 421]);
});

test('whatever is in a chunk is content, and no command (RFC 3030 §2)', () => {
  const parts = fc.array(octetsOf(fragments, 4), { minLength: 1, maxLength: 5 });
  const session = parts.chain((parts) => {
    const sent = parts.flatMap((part, index) => {
      const command = `BDAT ${part.length}${index === parts.length - 1 ? ' LAST' : ''}\r\n`;
      return [Buffer.from(command), part];
    });
    return fc.record({ parts: fc.constant(parts), cut: split(fc.constant(Buffer.concat(sent))) });
  });
  holds(session, ({ parts, cut }) => {
    const received: string[] = [];
    const content: Buffer[] = [];
    const handler: SessionHandler = {
      body: () => ({ write: (piece) => void content.push(piece), end: () => undefined, abort: () => {} }),
      observer: { received: (line) => void received.push(line) },
    };
    const it = new MemoryDialogue(handler);
    it.say(HELLO, MAIL, RCPT);
    it.heard();
    for (const chunk of cut.chunks) it.dialogue.feed(chunk);
    expect(it.heard()).toEqual(parts.map(() => 250));
    expect(Buffer.concat(content)).toEqual(Buffer.concat(parts));
    expect(received.slice(3).every((line) => line.startsWith('BDAT '))).toBe(true);
    expect(it.session.phase).toBe('mail');
  });
});
