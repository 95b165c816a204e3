// Handshakes that fail, or never come: each ends its own connection in a bounded time, and nothing else.
import { once } from 'node:events';
import { CLIENT_RENEG_LIMIT, type TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { expectNoneEscaped } from '../../testing/escaped-errors.ts';
import { POLICY, Rig } from '../../testing/rig.ts';
import { testCertificate } from '../../testing/test-certificate.ts';
import { WireClient } from '../../testing/wire-client.ts';

expectNoneEscaped();

const MODES = ['STARTTLS', 'implicit TLS'] as const;
type Mode = (typeof MODES)[number];

const HANDSHAKE_TIMEOUT = 5_000;

/** A record of RFC 8446 §5.1: its type, a version, and what is in it. */
const record = (type: number, version: number, ...fragment: readonly number[]): Buffer =>
  Buffer.from([type, 3, version, fragment.length >> 8, fragment.length & 0xff, ...fragment]);

/** A ClientHello of RFC 5246 §7.4.1.2 that knows one cipher suite, and no extension. */
function clientHello(version: number, cipherSuite: number): Buffer {
  const random = Array.from({ length: 32 }, () => 7);
  const body = [3, version, ...random, 0, 0, 2, cipherSuite >> 8, cipherSuite & 0xff, 1, 0];
  return record(22, version, 1, 0, 0, body.length, ...body);
}

const RSA_WITH_AES_128 = 0x00_2f;
const HELLO = clientHello(3, RSA_WITH_AES_128);

/** Who waits for a handshake: it has connected, and with STARTTLS has its 220. */
async function expecting(rig: Rig, mode: Mode): Promise<WireClient> {
  const accepted = once(rig.listener.server, 'connection');
  const client = await WireClient.connected(rig.address);
  await accepted;
  if (mode === 'STARTTLS') {
    client.send('EHLO client.example\r\nSTARTTLS\r\n');
    expect(await client.codes(3)).toEqual([220, 250, 220]);
  }
  return client;
}

/** Somebody else on the same listener. */
async function bystanding(rig: Rig, mode: Mode): Promise<WireClient> {
  if (mode === 'STARTTLS') return WireClient.greeted(rig.address);
  const client = await WireClient.secured(rig.address, testCertificate.cert);
  await client.reply();
  return client;
}

describe.each(MODES)('a handshake by %s', (mode) => {
  const start = (): Promise<Rig> =>
    Rig.start({}, { implicitTls: mode === 'implicit TLS', handshakeTimeout: HANDSHAKE_TIMEOUT, policy: POLICY });

  async function expectOnlyItsOwnEnd(rig: Rig, bystander: WireClient, ends: RegExp): Promise<void> {
    expect(await rig.closedBy()).toMatch(ends);
    expect(rig.handshakeFailures).toHaveLength(1);
    expect(rig.listener.connections.size).toBe(1);
    expect(await bystander.ask('NOOP')).toMatch(/^250 /);
    await using another = await bystanding(rig, mode);
    expect(await another.ask('NOOP')).toMatch(/^250 /);
    await rig.listener.stop();
    expect(rig.listener.connections.size).toBe(0);
    // Those that the listener cut have not failed.
    expect([rig.handshakeFailures.length, rig.failures]).toEqual([1, []]);
  }

  test.each([
    ['garbage', Buffer.alloc(64, 0xa5)],
    ['NULs', Buffer.alloc(64)],
    ['a command', Buffer.from('EHLO client.example\r\n')],
    ['a request of HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: mail.example\r\n\r\n')],
    ['an alert', record(21, 3, 2, 40)],
    ['data', record(23, 3, ...Buffer.from('EHLO client.example\r\n'))],
    ['a change of cipher', record(20, 3, 1)],
    ["a server's hello", record(22, 3, 2, 0, 0, 2, 3, 3)],
    ['a hello of SSL 2', Buffer.from([0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16, ...Buffer.alloc(37)])],
    ['a hello of SSL 3', clientHello(0, RSA_WITH_AES_128)],
    ['a hello of TLS 1.0', clientHello(1, RSA_WITH_AES_128)],
    ['a hello without a cipher in common', clientHello(3, 0x00_00)],
    ['a hello with more in it than it says', record(22, 1, 1, 0, 0, 2, 3, 3, 3, 3, 3, 3)],
    ['a record that is too long', Buffer.from([22, 3, 1, 0xff, 0xff, ...HELLO])],
  ])('fails at once for %s', async (_what, sent) => {
    await using rig = await start();
    await using bystander = await bystanding(rig, mode);
    await using client = await expecting(rig, mode);
    client.send(sent);
    // An alert may come, but no reply.
    expect(await client.end()).not.toMatch(/\d{3}[ -]/);
    await expectOnlyItsOwnEnd(rig, bystander, /^client$/);
  });

  test.each([
    ['says nothing', Buffer.alloc(0)],
    ['says how long its record is', HELLO.subarray(0, 5)],
    ['says half of its hello', HELLO.subarray(0, HELLO.length >> 1)],
  ])('has its time, and no more, for who %s', async (_what, sent) => {
    await using rig = await start();
    await using bystander = await bystanding(rig, mode);
    await using client = await expecting(rig, mode);
    client.send(sent);
    rig.clock.advance(HANDSHAKE_TIMEOUT - 1);
    expect(rig.listener.connections.size).toBe(2);
    rig.clock.advance(1);
    await client.end();
    await expectOnlyItsOwnEnd(rig, bystander, /^timeout$/);
  });

  test.each([
    ['before it has said anything', Buffer.alloc(0)],
    ['in the midst of its hello', HELLO.subarray(0, HELLO.length >> 1)],
  ])('fails for who leaves %s', async (_what, sent) => {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      await using rig = await start();
      await using bystander = await bystanding(rig, mode);
      await using client = await expecting(rig, mode);
      if (sent.length > 0) await new Promise((resolve) => client.socket.write(sent, resolve));
      client.socket[leave]();
      await expectOnlyItsOwnEnd(rig, bystander, leave === 'end' ? /^client$/ : /^(?:client|reset)$/);
    }
  });

  test('keeps nobody from closing the listener', async () => {
    await using rig = await start();
    await using client = await expecting(rig, mode);
    client.send(HELLO.subarray(0, HELLO.length >> 1));
    await rig.listener.close(30_000);
    await client.end();
    expect([await rig.closedBy(), rig.handshakeFailures]).toEqual(['server', []]);
  });
});

describe('under TLS', () => {
  // Both were left open, for of a socket that was wrapped Node tells such an error by `_tlsError` alone.
  test('clear text on the same connection ends it', async () => {
    await using rig = await Rig.start();
    await using bystander = await WireClient.greeted(rig.address);
    await using client = await WireClient.greeted(rig.address);
    const { socket: clear } = client;
    await client.startTls(testCertificate.cert);
    expect(await client.ask('EHLO client.example')).toMatch(/^250-/);
    clear.write('EHLO client.example\r\nQUIT\r\n');
    await client.end();
    expect(await rig.closedBy()).toBe('client');
    expect(rig.listener.connections.size).toBe(1);
    expect(await bystander.ask('NOOP')).toMatch(/^250 /);
    expect([rig.handshakeFailures, rig.failures]).toEqual([[], []]);
  });

  test('renegotiation more often than Node allows ends the connection', async () => {
    await using rig = await Rig.start({}, { implicitTls: true });
    await using bystander = await WireClient.secured(rig.address, testCertificate.cert);
    await bystander.reply();
    await using client = await WireClient.secured(rig.address, testCertificate.cert, { maxVersion: 'TLSv1.2' });
    const socket = client.socket as TLSSocket;
    const closed = once(socket, 'close');
    let done = 0;
    for (let attempt = 0; attempt < 20 && !socket.destroyed; attempt++) {
      const renegotiated = new Promise<void>((resolve) => {
        socket.renegotiate({}, (error) => {
          if (error === null) done++;
          resolve();
        });
      });
      await Promise.race([renegotiated, closed]);
    }
    expect(done).toBeLessThanOrEqual(CLIENT_RENEG_LIMIT + 1);
    expect(await rig.closedBy()).toBe('client');
    expect(rig.listener.connections.size).toBe(1);
    expect(await bystander.ask('NOOP')).toMatch(/^250 /);
  });
});
