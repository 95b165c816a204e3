import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { POLICY, Rig } from '../testing/rig.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { WireClient } from '../testing/wire-client.ts';
import { withoutEnhanced } from '../wire/reply.ts';
import * as replies from '../wire/replies.ts';
import type { Connection } from './connection.ts';
import type { FaultScript, HandshakeObstacle, Obstacle } from './fault.ts';
import type { ListenerOptions } from './listener.ts';

const IDLE = 60_000;

function started(faults: Partial<FaultScript>, options: Partial<ListenerOptions> = {}): Promise<Rig> {
  return Rig.start({ faults: { take: () => undefined, ...faults } }, options);
}

const atConnect = (obstacle: Obstacle): Partial<FaultScript> => ({ connect: () => obstacle });
const atHandshake = (obstacle: HandshakeObstacle): Partial<FaultScript> => ({ handshake: () => obstacle });

/** How a client's socket ends: the code of its error, or `FIN`. */
function ending(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? '?'));
    socket.on('end', () => resolve('FIN'));
  });
}

/** A client that begins a handshake, whatever comes of it. */
function handshaking({ address }: Rig): TLSSocket {
  return connectTls({ host: address.host, port: address.port, ca: testCertificate.cert, servername: 'localhost' });
}

/** The server's side of the one connection. */
function connectionOf(rig: Rig): Connection {
  return [...rig.listener.connections][0]!;
}

async function failure(socket: TLSSocket): Promise<string | undefined> {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code;
}

describe('a connection', () => {
  test.each([
    ['fin', 'FIN'],
    ['rst', 'ECONNRESET'],
  ] as const)('is dropped by %s before a word is said', async (by, ended) => {
    await using rig = await started(atConnect({ effect: 'drop', by }));
    // The reset may come before the client has noticed that it is connected.
    const socket = connect({ host: rig.address.host, port: rig.address.port }).resume();
    expect(await ending(socket)).toBe(ended);
    expect([await rig.closedBy(), socket.bytesRead]).toEqual(['server', 0]);
  });

  test.each([{}, { implicitTls: true }])('is accepted and hears nothing until it goes: %o', async (options) => {
    await using rig = await started(atConnect({ effect: 'stall' }), options);
    const client = await WireClient.connected(rig.address);
    client.send('EHLO client.example\r\n');
    // Nor is it told that it has been idle.
    rig.clock.advance(10 * IDLE);
    client.socket.end();
    expect(await client.end()).toBe('');
    expect(await rig.closedBy()).toBe('client');
  });

  test('is greeted later', async () => {
    await using rig = await started(atConnect({ effect: 'delay', milliseconds: 10 * IDLE }));
    const client = await WireClient.connected(rig.address);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.clock.advance(10 * IDLE);
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test.each([{}, { implicitTls: true }])('that goes before it is greeted is noticed at once: %o', async (options) => {
    await using rig = await started(atConnect({ effect: 'delay', milliseconds: IDLE }), options);
    const client = await WireClient.connected(rig.address);
    client.socket.end();
    expect(await client.end()).toBe('');
    expect(await rig.closedBy()).toBe('client');
    rig.clock.advance(IDLE);
    expect(rig.failures).toEqual([]);
  });

  test('that says without end what nobody waits for is ended', async () => {
    await using rig = await started(atConnect({ effect: 'delay', milliseconds: IDLE }));
    const client = await WireClient.connected(rig.address);
    client.send('x'.repeat(100_000));
    await client.end();
    expect(await rig.closedBy()).toBe('client');
  });

  test('that talks before it is greeted has what it said answered', async () => {
    await using rig = await started(atConnect({ effect: 'delay', milliseconds: IDLE }));
    const client = await WireClient.connected(rig.address);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    await client.sendApart([Buffer.from('NO'), Buffer.from('OP\r\n')], connectionOf(rig).socket);
    rig.clock.advance(IDLE);
    expect(await client.codes(2)).toEqual([220, 250]);
  });

  test('is not greeted after its end', async () => {
    await using rig = await started(atConnect({ effect: 'delay', milliseconds: 5 }));
    await WireClient.connected(rig.address);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.listener.disconnect();
    await rig.closedBy();
    rig.clock.advance(5);
    expect(rig.failures).toEqual([]);
  });

  test('gets octets in the place of all that follows', async () => {
    await using rig = await started(atConnect({ effect: 'garble', octets: Buffer.from('HTTP/1.1 400\r\n') }));
    const client = await WireClient.connected(rig.address);
    expect(await client.end()).toBe('HTTP/1.1 400\r\n');
  });

  test('ends where a script throws', async () => {
    const connect = (): never => {
      throw new Error('on purpose');
    };
    await using rig = await started({ connect });
    const client = await WireClient.connected(rig.address);
    await client.end();
    await rig.closedBy();
    expect(rig.failures).toEqual(['on purpose']);
  });

  test('that is turned away meets with no obstacle', async () => {
    await using rig = await started(atConnect({ effect: 'stall' }), { maxConnections: 1 });
    await using first = await WireClient.connected(rig.address);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    await using second = await WireClient.connected(rig.address);
    expect(await second.end()).toMatch(/^421 /);
    expect(first.socket.destroyed).toBe(false);
  });
});

describe.each(['implicit', 'starttls'] as const)('a handshake (%s)', (mode) => {
  const options = { implicitTls: mode === 'implicit' };

  async function begun(rig: Rig): Promise<TLSSocket> {
    if (mode === 'implicit') return handshaking(rig);
    const client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    await client.ask('STARTTLS');
    client.socket.removeAllListeners();
    return connectTls({ socket: client.socket, ca: testCertificate.cert, servername: 'localhost' });
  }

  test.each([
    ['reset', { effect: 'drop', by: 'rst' }, 'ECONNRESET'],
    ['broken off', { effect: 'drop', by: 'fin' }, 'ECONNRESET'],
    ['answered by what is no TLS', { effect: 'garble', octets: Buffer.from('hello') }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ] as const)('is %s', async (_name, obstacle, code) => {
    await using rig = await started(atHandshake(obstacle), options);
    expect(await failure(await begun(rig))).toBe(code);
    expect([await rig.closedBy(), rig.handshakeFailures]).toEqual(['server', []]);
  });

  test('is never answered', async () => {
    await using rig = await started(atHandshake({ effect: 'stall' }), options);
    const socket = await begun(rig);
    socket.on('error', () => {});
    socket.on('secureConnect', () => expect.unreachable());
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.clock.advance(10 * IDLE);
    expect(rig.closed).toEqual([]);
    socket.destroy();
    expect([await rig.closedBy(), rig.handshakeFailures]).toEqual(['client', []]);
  });

  test('begins later', async () => {
    await using rig = await started(atHandshake({ effect: 'delay', milliseconds: 1_000 }), options);
    const socket = await begun(rig);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.clock.advance(1_000);
    await once(socket, 'secureConnect');
    socket.destroy();
  });

  // What came before it began was read by nobody, and lost: with STARTTLS neither side said anything more.
  test('begins later, with what the client has said by then', async () => {
    await using rig = await started(atHandshake({ effect: 'delay', milliseconds: 1_000 }), options);
    const socket = await begun(rig);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    const { socket: heard } = connectionOf(rig);
    const before = heard.bytesRead;
    // Under implicit TLS a socket is not read at all until the handshake begins.
    while (mode === 'starttls' && heard.bytesRead === before) await setImmediate();
    rig.clock.advance(1_000);
    await once(socket, 'secureConnect');
    socket.destroy();
  });

  test('has to do with other material, once that is there', async () => {
    const secureContext = createSecureContext({ ...testCertificate, maxVersion: 'TLSv1.2' });
    await using rig = await started(
      atHandshake({ effect: 'tls', material: Promise.resolve({ secureContext }) }),
      options,
    );
    const socket = await begun(rig);
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe('TLSv1.2');
    socket.destroy();
  });

  test.each([
    ['a delay', { effect: 'delay', milliseconds: IDLE }],
    ['material that is not there yet', { effect: 'tls', material: new Promise<never>(() => {}) }],
  ] as const)(
    'that waits for %s notices a client that goes, in the midst of its hello too',
    async (_name, obstacle) => {
      await using rig = await started(atHandshake(obstacle), options);
      for (const hello of ['', '\x16\x03\x01']) {
        const client = await WireClient.connected(rig.address);
        if (mode === 'starttls') {
          await client.reply();
          await client.ask('EHLO client.example');
          await client.ask('STARTTLS');
        }
        client.socket.end(hello, 'latin1');
        expect(await client.end()).toBe('');
        expect([await rig.closedBy(), rig.handshakeFailures]).toEqual(['client', []]);
      }
    },
  );

  test('that breaks off when it has begun does not wait for ever for that', async () => {
    await using rig = await started(atHandshake({ effect: 'drop', by: 'rst' }), options);
    const client = await WireClient.connected(rig.address);
    if (mode === 'starttls') {
      await client.reply();
      await client.ask('EHLO client.example');
      await client.ask('STARTTLS');
    }
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.clock.advance(10 * IDLE);
    await client.end();
    expect(await rig.closedBy()).toBe('timeout');
  });

  test('is not begun with material that comes when the client has gone', async () => {
    let ready!: (material: { secureContext: SecureContext }) => void;
    const material = new Promise<{ secureContext: SecureContext }>((resolve) => (ready = resolve));
    await using rig = await started(atHandshake({ effect: 'tls', material }), options);
    const socket = (await begun(rig)).on('error', () => {});
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.listener.disconnect();
    await rig.closedBy();
    ready({ secureContext: createSecureContext(testCertificate) });
    await material;
    expect([rig.failures, rig.handshakeFailures]).toEqual([[], []]);
    socket.destroy();
  });

  test('that is over leaves a client that may be idle for too long', async () => {
    await using rig = await started(atHandshake({ effect: 'delay', milliseconds: 1 }), options);
    const socket = await begun(rig);
    while (rig.listener.connections.size === 0) await once(rig.listener.server, 'connection');
    rig.clock.advance(1);
    socket.write('NOOP\r\n');
    // TLS 1.3: a client may be through before the server is. Then it answers.
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    while (!heard.includes('250 ')) await once(socket, 'data');
    rig.clock.advance(2 * IDLE);
    expect(await rig.closedBy()).toBe('timeout');
    socket.destroy();
  });

  test('that has no material costs the connection', async () => {
    const handshake = (): HandshakeObstacle => ({ effect: 'tls', material: Promise.reject(new Error('none')) });
    await using rig = await started({ handshake }, options);
    expect(await failure(await begun(rig))).toBe('ECONNRESET');
    expect([await rig.closedBy(), rig.failures]).toEqual(['server', ['none']]);
  });
});

describe('a connection that is cut', () => {
  test.each([
    ['rst', 'clear text', 'ECONNRESET'],
    ['fin', 'clear text', 'FIN'],
    ['rst', 'TLS', 'ECONNRESET'],
    ['fin', 'TLS', 'FIN'],
  ] as const)('by %s in %s has read all that was sent', async (by, security, ended) => {
    await using rig = await Rig.start({}, { policy: POLICY, implicitTls: security === 'TLS' });
    const client =
      security === 'TLS'
        ? await WireClient.secured(rig.address, testCertificate.cert)
        : await WireClient.connected(rig.address);
    await client.reply();
    const over = ending(client.socket);
    connectionOf(rig).cut(by);
    expect([await over, await rig.closedBy()]).toEqual([ended, 'server']);
    // It can't be cut twice, nor said anything.
    expect(await client.end()).toBe('');
  });

  test('with a reason has read it', async () => {
    await using rig = await Rig.start();
    const client = await WireClient.greeted(rig.address);
    connectionOf(rig).dismiss(withoutEnhanced(replies.shuttingDown));
    expect(await client.end()).toMatch(/^421 /);
    expect(await rig.closedBy()).toBe('server');
  });
});
