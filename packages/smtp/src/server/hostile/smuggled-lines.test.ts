// What looks like two commands and is one line, or none: the octets of a chunk.
import { describe, expect, test } from 'vitest';
import { octetByOctet, splitAt } from '../../testing/split.ts';
import { SteppedRig } from '../../testing/stepped-rig.ts';

const PROTOCOLS = ['smtp', 'lmtp'] as const;

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

// RFC 5321 §2.3.8: CRLF ends a line and nothing else does; §4.1.2: of control characters no command has one.
const LINES = [
  'NOOP\n',
  'NOOP\nQUIT',
  'NOOP\r',
  'NOOP\rQUIT',
  '\nNOOP',
  '\rNOOP',
  'NOOP\n\rQUIT',
  'NOOP\r\rQUIT',
  'DATA\n',
  'DATA\r',
  'DATA\nforged\n.\nQUIT',
  'DATA\rforged\r.\rQUIT',
  'RSET\nMAIL FROM:<mallory@example.org>\nRCPT TO:<victim@example.com>\nDATA',
  'RCPT TO:<victim@example.com>\nRCPT TO:<second@example.com>',
  'RCPT TO:<victim@example.com>\rRCPT TO:<second@example.com>',
  'RCPT TO:<victim\r@example.com>',
  'RCPT TO:<victim\n@example.com>',
  'RCPT TO:<victim@example.com>\0',
  'RCPT TO:<victim\0@example.com>',
  'RSET\0',
  'DATA\0',
  'QUIT\0',
  'STARTTLS\0',
  'STARTTLS\n',
  'BDAT 0 LAST\n',
  'BDAT 4\nRSET',
  '\0RSET',
  '\0',
] as const;

describe.each(PROTOCOLS)('in %s, over a socket', (protocol) => {
  test.each(LINES)('%j is one line, and is refused', async (line) => {
    await using it = await SteppedRig.start({ protocol });
    const sent = octets(`${line}\r\n`);
    const inTwo = Array.from(sent.subarray(1), (_octet, index) => splitAt(sent, [index + 1]));
    const { client, session } = await it.clientIn('data');
    const { socket, session: state } = session.connection;
    for (const pieces of [[sent], octetByOctet(sent), ...inTwo]) {
      await client.sendApart(pieces, socket);
      expect(await client.reply()).toMatch(/^50[01] 5\.\d\.\d /);
      expect(state.transaction?.recipients.map(({ forwardPath }) => forwardPath.address)).toEqual(['bob@example.com']);
    }
    // Had there been more than one reply to any of them, these would not be the next.
    client.send('NOOP\r\nHELP\r\nDATA\r\n');
    expect(await client.codes(3)).toEqual([250, 214, 354]);
    expect(state.phase).toBe('body');
  });

  test('a client that ends its lines with LF gets one reply up to its first CRLF, and none of its commands', async () => {
    await using it = await SteppedRig.start({ protocol });
    const { client, session } = await it.clientIn('mail');
    client.send('MAIL FROM:<ann@example.org>\nRCPT TO:<bob@example.com>\nDATA\nforged\n.\nQUIT\n\r\nQUIT\r\n');
    expect(await client.codesToEnd()).toEqual([500, 221]);
    expect(session.sinks).toEqual([]);
  });

  test('a line of an AUTH exchange is one as well, and ends it', async () => {
    await using it = await SteppedRig.start({ protocol });
    const { client, session } = await it.clientIn('credentials');
    client.send('YW5u\nc2VjcmV0\nQUIT\r\nNOOP\r\n');
    expect(await client.codes(2)).toEqual([500, 250]);
    expect(session.connection.session.phase).toBe('mail');
  });
});

// RFC 3030 §2: a chunk has as many octets as its command has said, whatever they are.
const PAYLOADS = [
  '.\r\n',
  '\r\n.\r\n',
  'QUIT\r\n',
  'text\r\n.\r\nMAIL FROM:<mallory@example.org>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\nforged\r\n.\r\nQUIT\r\n',
  'BDAT 0 LAST\r\nRSET\r\n',
  'STARTTLS\r\n',
  'AUTH PLAIN AGFubgBzZWNyZXQ=\r\n',
  'RSET\n.\n\rQUIT\r\0',
  '\x16\x03\x01\x02\x00',
] as const;

describe.each(PROTOCOLS)('in %s, over a socket, the octets of a chunk', (protocol) => {
  test.each(PAYLOADS)('%j are content', async (payload) => {
    await using it = await SteppedRig.start({ protocol });
    const { client, session } = await it.clientIn('mail');
    const { socket } = session.connection;
    const envelope = 'MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.com>\r\n';
    const chunk = (last: string): string => `BDAT ${payload.length}${last}\r\n${payload}`;
    const sent = octets(`${envelope}${chunk('')}${chunk(' LAST')}NOOP\r\n`);
    for (const pieces of [[sent], octetByOctet(sent)]) {
      await client.sendApart(pieces, socket);
      expect(await client.codes(5)).toEqual([250, 250, 250, 250, 250]);
      const { events } = session.sinks.at(-1)!;
      expect(events.slice(0, -2).join('')).toBe(payload + payload);
      expect(events.slice(-2)).toEqual(['end', 'flushed']);
    }
    expect(session.sinks).toHaveLength(2);
  });

  test.each(PAYLOADS)('%j are thrown away where the command is refused', async (payload) => {
    await using it = await SteppedRig.start({ protocol, maxSize: 1, rejectOversized: true });
    for (const [phase, ...codes] of [
      ['mail', 503, 503],
      ['rcpt', 503, 503],
      ['data', 552, 503],
      ['reset', 503, 503],
    ] as const) {
      const { client, session } = await it.clientIn(phase);
      const begun = session.sinks.length;
      const sent = octets(`BDAT ${payload.length}\r\n${payload}NOOP\r\n`);
      await client.sendApart([sent, ...octetByOctet(sent)], session.connection.socket);
      expect([phase, ...(await client.codes(4))]).toEqual([phase, codes[0], 250, codes[1], 250]);
      expect(session.connection.session.phase).toBe(phase === 'data' ? 'reset' : phase);
      expect(session.sinks).toHaveLength(begun);
    }
  });

  test.each([
    'BDAT',
    'BDAT LAST',
    'BDAT -1',
    'BDAT 1x',
    'BDAT 0x10',
    'BDAT 1e3',
    'BDAT 1\tLAST',
    'BDAT ٣',
    'BDAT 1 LAST LAST',
  ])('after %j, which does not say how many, are not read as commands', async (line) => {
    await using it = await SteppedRig.start({ protocol });
    const { client, session } = await it.clientIn('data');
    client.send(`${line}\r\nRSET\r\nMAIL FROM:<mallory@example.org>\r\nQUIT\r\n`);
    expect(await client.codesToEnd()).toEqual([501]);
    await session.ended;
    expect(session.closings).toEqual(['server']);
  });
});
