// Clients that speak an octet a second, and clients that fall silent: time is a test's.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ManualClock } from '../../testing/manual-clock.ts';
import { endsOf, ObservedSessions, type ObservedSession } from '../../testing/observed-sessions.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { testCertificate } from '../../testing/test-certificate.ts';
import { WireClient } from '../../testing/wire-client.ts';
import type { ListenerOptions } from '../listener.ts';

const IDLE = 60_000;
const HANDSHAKE = 30_000;
const TOO_LONG = '421 4.4.2 Nothing received for too long';

interface Served {
  readonly rig: Rig;
  readonly sessions: ObservedSessions;
}

async function serve(options: Partial<ListenerOptions> = {}): Promise<Served> {
  const sessions = new ObservedSessions({ auth: () => undefined });
  const policy = policyWith({ startTls: 'available', authInsecure: true });
  const limits = { idleTimeout: IDLE, handshakeTimeout: HANDSHAKE };
  return { sessions, rig: await Rig.start({}, { policy, open: sessions.open, ...limits, ...options }) };
}

interface Spoken {
  readonly client: WireClient;
  readonly session: ObservedSession;
}

async function meet({ rig, sessions }: Served): Promise<Spoken> {
  const client = await WireClient.greeted(rig.address);
  client.socket.setNoDelay(true);
  return { client, session: sessions.of(client.socket.localPort!) };
}

/** Sends, and resolves when the server has read it. */
async function read(socket: Socket, send: () => void, octets: number): Promise<void> {
  const due = socket.bytesRead + octets;
  send();
  while (socket.bytesRead < due) await once(socket, 'data');
}

/** All say the same, octet by octet, a second for each. */
async function trickle(clock: ManualClock, all: readonly Spoken[], text: string): Promise<void> {
  for (const octet of text) {
    await Promise.all(
      all.map(({ client, session }) => read(session.connection.socket, () => client.send(octet), octet.length)),
    );
    clock.advance(1_000);
  }
}

const ENVELOPE = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n';

describe('an octet a second', () => {
  test('is enough for many dialogues at once, longer than the idle limit each', async () => {
    const served = await serve();
    await using rig = served.rig;
    const all = await Promise.all(Array.from({ length: 40 }, () => meet(served)));
    const said = `EHLO c.example\r\nAUTH LOGIN\r\nYW5u\r\nc2VjcmV0\r\n${ENVELOPE}DATA\r\nx\r\n..\r\n.\r\n`;
    await trickle(rig.clock, all, `${said}${ENVELOPE}BDAT 2 LAST\r\nxyQUIT\r\n`);
    expect(rig.clock.now()).toBeGreaterThan(2 * IDLE);
    for (const { client, session } of all) {
      const codes = (await client.end()).match(/^\d{3}(?= )/gm)!.map(Number);
      expect(codes).toEqual([250, 334, 334, 235, 250, 250, 354, 250, 250, 250, 250, 221]);
      await session.ended;
      expect(session.closings).toEqual(['quit']);
      expect(session.sinks.map(({ events }) => events.join(''))).toEqual(['x\r\n..\r\nendflushed', 'xyendflushed']);
    }
  });

  test.each([
    ['a body', 'DATA\r\n', 'x'.repeat(150), '\r\n.\r\n'],
    ['a body of dots', 'DATA\r\n', '..\r\n.x\r\n'.repeat(16), '.\r\n'],
    ['a chunk', 'BDAT 150 LAST\r\n', 'x'.repeat(150), ''],
  ])('is enough for %s', async (_what, begin, body, end) => {
    const served = await serve();
    await using rig = served.rig;
    const { client, session } = await meet(served);
    client.send(`EHLO c.example\r\n${ENVELOPE}${begin}`);
    for (let due = begin.startsWith('DATA') ? 4 : 3; due > 0; due--) await client.reply();
    await trickle(rig.clock, [{ client, session }], body);
    client.send(end);
    expect(await client.reply()).toBe('250 2.6.0 Message accepted');
    expect(session.sinks[0]!.events.join('')).toBe(`${body}${end.slice(0, -3)}endflushed`);
  });

  test('is enough under TLS', async () => {
    const served = await serve();
    await using rig = served.rig;
    const { client, session } = await meet(served);
    await client.ask('EHLO c.example');
    await client.startTls(testCertificate.cert);
    await trickle(rig.clock, [{ client, session }], `EHLO c.example\r\n${ENVELOPE}NOOP\r\n`);
    for (let due = 3; due > 0; due--) await client.reply();
    expect(await client.reply()).toBe('250 2.0.0 OK');
    expect(rig.clock.now()).toBeGreaterThan(IDLE);
  });

  test.each<[string, Partial<ListenerOptions>, string, number]>([
    [
      'a ClientHello',
      { implicitTls: true },
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.padEnd(100, 'x'),
      HANDSHAKE,
    ],
    ['a PROXY header', { expectsProxyHeader: () => true }, `PROXY UNKNOWN ${'x'.repeat(80)}`, IDLE],
  ])('does not prolong %s beyond its limit', async (_what, options, said, limit) => {
    const { rig } = await serve(options);
    await using _rig = rig;
    const accepted = once(rig.listener.server, 'connection') as Promise<[Socket]>;
    await using client = await WireClient.connected(rig.address);
    client.socket.setNoDelay(true);
    const [socket] = await accepted;
    const gone = once(socket, 'close');
    let sent = 0;
    for (; !socket.destroyed && sent < said.length; sent++) {
      const due = socket.bytesRead + 1;
      client.socket.write(said[sent]!, 'latin1');
      while (socket.bytesRead < due) await new Promise(setImmediate);
      rig.clock.advance(1_000);
    }
    await gone;
    expect(sent).toBe(limit / 1_000);
    expect(await client.end()).toBe('');
  });
});

/** What a client has said before it falls silent. */
const SILENCES: readonly (readonly [what: string, said: string])[] = [
  ['the greeting', ''],
  ['half a command', 'EHL'],
  ['a command without its LF', 'NOOP\r'],
  ['half a line that is refused', 'NO\nOP'],
  ['EHLO', 'EHLO c.example\r\n'],
  ['half an AUTH command', 'EHLO c.example\r\nAUTH PLAIN AGFub'],
  ['AUTH', 'EHLO c.example\r\nAUTH LOGIN\r\n'],
  ['half of what AUTH asks for', 'EHLO c.example\r\nAUTH LOGIN\r\nYW'],
  ['MAIL', 'EHLO c.example\r\nMAIL FROM:<>\r\n'],
  ['RCPT', `EHLO c.example\r\n${ENVELOPE}`],
  ['DATA', `EHLO c.example\r\n${ENVELOPE}DATA\r\n`],
  ['half a body', `EHLO c.example\r\n${ENVELOPE}DATA\r\nx\r\n`],
  ['half the end of a body', `EHLO c.example\r\n${ENVELOPE}DATA\r\nx\r\n.\r`],
  ['BDAT', `EHLO c.example\r\n${ENVELOPE}BDAT 5\r\n`],
  ['half a chunk', `EHLO c.example\r\n${ENVELOPE}BDAT 5\r\nx`],
  ['half a chunk that is refused', `EHLO c.example\r\nBDAT 5\r\nx`],
  ['a chunk', `EHLO c.example\r\n${ENVELOPE}BDAT 1\r\nx`],
];

describe('silence', () => {
  test.each(SILENCES)('after %s is ended by the idle limit, and the client told so', async (_what, said) => {
    const served = await serve();
    await using rig = served.rig;
    const { client, session } = await meet(served);
    if (said !== '') await read(session.connection.socket, () => client.send(said), said.length);
    rig.clock.advance(IDLE - 1);
    expect(session.connection.session.phase).not.toBe('closed');
    rig.clock.advance(1);
    expect((await client.end()).split('\r\n').at(-2)).toBe(TOO_LONG);
    await session.ended;
    expect(session.closings).toEqual(['timeout']);
    expect(endsOf(session.sinks)).toEqual(session.sinks.map(() => 'abort'));
  });

  test.each([
    ['under TLS', 'EHLO c.example\r\nMA'],
    ['under TLS, in a body', `EHLO c.example\r\n${ENVELOPE}DATA\r\nx`],
  ])('%s is ended by the idle limit, and the client told so', async (_what, said) => {
    const served = await serve();
    await using rig = served.rig;
    const { client, session } = await meet(served);
    await client.ask('EHLO c.example');
    await client.startTls(testCertificate.cert);
    const { socket } = session.connection;
    const heard = once(socket, 'data');
    client.send(said);
    await heard;
    rig.clock.advance(IDLE);
    expect((await client.end()).split('\r\n').at(-2)).toBe(TOO_LONG);
    await session.ended;
    expect(session.closings).toEqual(['timeout']);
  });

  test('of a client that does not close its side is not waited for after the 421', async () => {
    const served = await serve();
    await using rig = served.rig;
    const { host, port } = rig.address;
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.on('error', () => {});
    await once(socket, 'data');
    const session = served.sessions.of(socket.localPort!);
    rig.clock.advance(IDLE);
    const [told] = (await once(socket, 'data')) as [Buffer];
    expect(String(told)).toBe(`${TOO_LONG}\r\n`);
    rig.clock.advance(1_000);
    await session.ended;
    expect(session.closings).toEqual(['timeout']);
    socket.destroy();
  });
});
