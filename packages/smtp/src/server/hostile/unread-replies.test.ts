// Clients that have much to say, and read no reply, or hardly any: they cost what the system holds for them, and little more.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Extension } from '../../session/extension.ts';
import { ObservedSessions, type ObservedSession } from '../../testing/observed-sessions.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { testCertificate } from '../../testing/test-certificate.ts';
import { WireClient } from '../../testing/wire-client.ts';

const MEGABYTE = 1024 * 1024;
const FLOOD = 50 * MEGABYTE;
const IDLE = 60_000;
/** One write of replies (see output.ts), the reply that makes it long, and what a stream takes before it asks to hold back. */
const HELD_BY_SERVER = 256 * 1024;

const manyLines: readonly Extension[] = Array.from({ length: 60 }, (_none, index) => ({
  keyword: `X-EXTENSION-${index}`,
  offer: () => `X-EXTENSION-${index} ${'parameter '.repeat(8)}`,
}));

/** What comes first, and what is said over and over: each has replies that are longer than itself. */
const FLOODS: readonly (readonly [what: string, first: string, again: string])[] = [
  ['HELP', '', 'HELP\r\n'],
  ['VRFY', 'EHLO c.example\r\n', 'VRFY a\r\n'],
  ['EHLO with many lines', '', 'EHLO c.example\r\n'],
  ['RCPT in mid-transaction', 'EHLO c.example\r\nMAIL FROM:<>\r\n', 'RCPT TO:<a@b.example>\r\n'],
  ['RCPT that is refused', 'EHLO c.example\r\nMAIL FROM:<>\r\n', 'RCPT TO:\r\n'],
  ['AUTH that is cancelled', 'EHLO c.example\r\n', 'AUTH LOGIN\r\n*\r\n'],
  ['what is no command', '', 'x\r\n'],
  ['empty lines', '', '\r\n'],
  ['LF alone', '', '\n\r\n'],
];

/** A server, its clock a test's, and somebody who is served all the while. */
class Flooded implements AsyncDisposable {
  readonly rig: Rig;
  readonly bystander: WireClient;
  readonly flooding: WireClient;
  readonly session: ObservedSession;
  /** The most octets of replies that were seen waiting for the client. */
  mostHeld = 0;

  private constructor(rig: Rig, bystander: WireClient, flooding: WireClient, session: ObservedSession) {
    this.rig = rig;
    this.bystander = bystander;
    this.flooding = flooding;
    this.session = session;
  }

  static async start(transport: 'in clear text' | 'under TLS'): Promise<Flooded> {
    const sessions = new ObservedSessions();
    const policy = policyWith({ startTls: 'available', authInsecure: true, helloText: (name) => name });
    const extensions = [...policy.extensions, ...manyLines];
    const rig = await Rig.start({}, { policy: { ...policy, extensions }, open: sessions.open, idleTimeout: IDLE });
    const bystander = await WireClient.greeted(rig.address);
    const flooding = await WireClient.greeted(rig.address);
    const session = sessions.of(flooding.socket.localPort!);
    if (transport === 'under TLS') {
      await flooding.ask('EHLO c.example');
      await flooding.startTls(testCertificate.cert);
    }
    return new Flooded(rig, bystander, flooding, session);
  }

  get socket(): Socket {
    return this.session.connection.socket;
  }

  /** Says it all, and reads nothing. Resolves when the server reads no further, others being served meanwhile. */
  async flood(first: string, again: string): Promise<void> {
    const burst = Buffer.from(again.repeat(MEGABYTE / again.length));
    this.flooding.socket.pause();
    this.flooding.send(first);
    for (let sent = 0; sent < FLOOD; sent += burst.length) this.flooding.send(burst);
    await this.#standstill();
  }

  async #standstill(): Promise<void> {
    for (let still = 0, served = 0, read = -1; still < 20; served++) {
      if (served === 20_000) throw new Error('The server reads on and on');
      expect(await this.bystander.ask('NOOP')).toBe('250 2.0.0 OK');
      still = this.socket.isPaused() && this.socket.bytesRead === read ? still + 1 : 0;
      read = this.socket.bytesRead;
      this.mostHeld = Math.max(this.mostHeld, this.socket.writableLength);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.flooding.socket.destroy();
    await this.rig.listener.stop();
  }
}

describe.each(['in clear text', 'under TLS'] as const)('a client %s that reads none of its replies', (transport) => {
  const floods = transport === 'under TLS' ? FLOODS.slice(0, 4) : FLOODS;

  test.each(floods)('is read no further, and ended by the idle limit: %s', async (_what, first, again) => {
    await using it = await Flooded.start(transport);
    await it.flood(first, again);
    expect(it.socket.bytesRead).toBeLessThan(FLOOD / 2);
    expect(it.mostHeld).toBeLessThan(HELD_BY_SERVER);
    it.rig.clock.advance(IDLE);
    await it.session.ended;
    expect(it.session.closings).toEqual(['timeout']);
  });

  test('does not hold up stop()', async () => {
    await using it = await Flooded.start(transport);
    await it.flood('', 'HELP\r\n');
    await it.rig.listener.stop();
    expect(it.session.closings).toEqual(['server']);
  });

  test('does not hold up close() beyond its patience', async () => {
    await using it = await Flooded.start(transport);
    await it.flood('', 'HELP\r\n');
    const closed = it.rig.listener.close(100);
    it.rig.clock.advance(100);
    await closed;
    expect(it.session.closings).toEqual(['server']);
  });

  test('hears them all, in their order, once it reads', async () => {
    await using it = await Flooded.start(transport);
    const names = Array.from({ length: 1_500 }, (_none, index) => `c${index}.example`);
    it.flooding.socket.pause();
    it.flooding.send(`${names.map((name) => `EHLO ${name}\r\nVRFY a\r\n`).join('')}QUIT\r\n`);
    it.flooding.socket.resume();
    const heard = await it.flooding.end();
    const expected = names.flatMap((name) => [`250-${name}`, '252']);
    expect(heard.match(/^(?:250-c\d+\.example|252|221)/gm)).toEqual([...expected, '221']);
    await it.session.ended;
    expect(it.session.closings).toEqual(['quit']);
  });
});

test('a client that reads its replies octet by octet hears them all', async () => {
  const sessions = new ObservedSessions();
  await using rig = await Rig.start({}, { policy: policyWith(), open: sessions.open });
  let heard = '';
  const callback = (_count: number, octet: Uint8Array): boolean => ((heard += String.fromCharCode(octet[0]!)), true);
  const { host, port } = rig.address;
  const socket = connect({ host, port, onread: { buffer: Buffer.alloc(1), callback } });
  socket.write(`${'HELP\r\n'.repeat(300)}QUIT\r\n`);
  await once(socket, 'close');
  expect(heard.match(/^\d{3}(?= )/gm)).toEqual(['220', ...Array<string>(300).fill('214'), '221']);
  const [session] = sessions.all as [ObservedSession];
  await session.ended;
  expect(session.closings).toEqual(['quit']);
});
