// Who may not become a connection: there are too many, the listener is closing, or it could never serve one.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { POLICY, Rig } from '../testing/rig.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { WireClient } from '../testing/wire-client.ts';
import { Listener } from './listener.ts';
import type { Connection } from './connection.ts';
import { withResolvers } from './with-resolvers.ts';

const PROXY = 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n';

/** A server that hands its sockets on. */
async function door(hand: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(hand);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('while it closes', () => {
  test('a client in mid-header is cut, and becomes no session', async () => {
    const opened: Connection[] = [];
    const open = (connection: Connection): object => (opened.push(connection), {});
    await using rig = await Rig.start({}, { open, expectsProxyHeader: () => true });
    await using lingering = await WireClient.connected(rig.address);
    lingering.send(PROXY);
    await lingering.reply();
    await lingering.ask('EHLO client.example');
    await lingering.ask('MAIL FROM:<a@b.example>');
    await lingering.ask('RCPT TO:<a@b.example>');
    await lingering.ask('DATA');
    const accepted = once(rig.listener.server, 'connection');
    await using late = await WireClient.connected(rig.address);
    await accepted;
    const closed = rig.listener.close(60_000);
    late.send(PROXY);
    expect(await late.end()).toBe('');
    lingering.send('.\r\n');
    expect(await lingering.end()).toMatch(/^250 /);
    await closed;
    expect(opened).toHaveLength(1);
  });

  test('a socket that is handed over gets 421, until it listens again', async () => {
    await using rig = await Rig.start();
    const { server, port } = await door((socket) => rig.listener.accept(socket));
    await rig.listener.close(1_000);
    await using early = await WireClient.connected({ host: '127.0.0.1', port });
    expect(await early.reply()).toMatch(/^421 4\.3\.2 /);
    await rig.listener.listen({ host: '127.0.0.1', port: 0 });
    await using client = await WireClient.connected({ host: '127.0.0.1', port });
    expect(await client.reply()).toMatch(/^220 /);
    server.close();
  });
});

describe('where there are too many', () => {
  test('those whose header is awaited count', async () => {
    await using rig = await Rig.start({}, { maxConnections: 1, expectsProxyHeader: () => true });
    const accepted = once(rig.listener.server, 'connection');
    await using waiting = await WireClient.connected(rig.address);
    await accepted;
    await using other = await WireClient.connected(rig.address);
    expect(await other.reply()).toMatch(/^421 4\.7\.0 /);
    waiting.send(PROXY);
    expect(await waiting.reply()).toMatch(/^220 /);
  });

  test('not more than 64 at a time are told so, the others cut', async () => {
    await using rig = await Rig.start({}, { maxConnections: 0, implicitTls: true });
    // None of them begins its handshake.
    const told: WireClient[] = [];
    for (let number = 0; number < 64; number++) told.push(await WireClient.connected(rig.address));
    await using cut = await WireClient.connected(rig.address);
    expect(await cut.end()).toBe('');
    expect(rig.listener.connections.size).toBe(0);
    rig.listener.disconnect();
    for (const client of told) expect(await client.end()).toBe('');
  });
});

describe('a TLS socket that somebody else accepted', () => {
  const secureContext = createSecureContext(testCertificate);
  const wrapped = (rig: Rig): Promise<{ server: Server; port: number }> =>
    door((socket) => {
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => {});
      rig.listener.accept(secure, { secure: true });
    });

  test('after its handshake is greeted at once', async () => {
    await using rig = await Rig.start();
    const { server, port } = await door((socket) => {
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.once('secure', () => rig.listener.accept(secure, { secure: true }));
    });
    await using client = await WireClient.secured({ host: '127.0.0.1', port }, testCertificate.cert);
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    server.close();
  });

  test('before its handshake is done is greeted after it', async () => {
    await using rig = await Rig.start();
    const { server, port } = await wrapped(rig);
    await using client = await WireClient.secured({ host: '127.0.0.1', port }, testCertificate.cert);
    expect(await client.reply()).toMatch(/^220 /);
    const [connection] = [...rig.listener.connections];
    expect([connection!.session.secure, connection!.tls?.mode]).toEqual([true, 'implicit']);
    server.close();
  });

  test('whose client begins no handshake is cut in time, and told of', async () => {
    await using rig = await Rig.start({}, { handshakeTimeout: 1_000 });
    const { server, port } = await wrapped(rig);
    const accepted = once(server, 'connection');
    await using client = await WireClient.connected({ host: '127.0.0.1', port });
    await accepted;
    rig.clock.advance(1_000);
    await client.end();
    expect(await rig.closedBy()).toBe('timeout');
    expect(rig.handshakeFailures).toEqual(['TLS handshake timed out']);
    server.close();
  });

  test('of `tls.Server`, which leaves one open whose client breaks TLS', async () => {
    await using rig = await Rig.start();
    const server = createTlsServer(testCertificate, (socket) => rig.listener.accept(socket, { secure: true }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const clear = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const client = connectTls({ socket: clear, ca: testCertificate.cert, servername: 'localhost' });
    client.on('error', () => {});
    await once(client, 'data');
    clear.write('EHLO client.example\r\n');
    expect(await rig.closedBy()).toBe('client');
    expect(rig.listener.connections.size).toBe(0);
    clear.destroy();
    server.close();
  });

  test('whose client does not trust it', async () => {
    await using rig = await Rig.start();
    const { server, port } = await wrapped(rig);
    const client = connectTls({ host: '127.0.0.1', port, servername: 'localhost' });
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await rig.closedBy()).toBe('client');
    server.close();
  });

  test('whose client talks in clear text', async () => {
    await using rig = await Rig.start();
    const { server, port } = await wrapped(rig);
    const client = connect({ host: '127.0.0.1', port });
    client.on('error', () => {});
    client.write('EHLO client.example\r\n');
    expect(await rig.closedBy()).toBe('client');
    expect(rig.handshakeFailures).toHaveLength(1);
    client.destroy();
    server.close();
  });
});

describe('a socket in an odd state', () => {
  test('with an encoding is read all the same', async () => {
    await using rig = await Rig.start();
    const { server, port } = await door((socket) => rig.listener.accept(socket.setEncoding('utf8')));
    await using client = await WireClient.greeted({ host: '127.0.0.1', port });
    for (const line of ['EHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<a@b.example>', 'DATA']) await client.ask(line);
    expect(await client.ask('Hello\r\n.')).toMatch(/^250 /);
    server.close();
  });

  test('whose client has said everything before is let go', async () => {
    await using rig = await Rig.start();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('end', () => rig.listener.accept(socket)).resume();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await using client = await WireClient.connected({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    });
    client.socket.end();
    expect(await client.end()).toMatch(/^220 /);
    expect(await rig.closedBy()).toBe('client');
    server.close();
  });
});

describe('where nobody can answer for it, because open throws', () => {
  const open = (): never => {
    throw new Error('broken on purpose');
  };

  test('a client is cut, the socket server told, and the listener can stop', async () => {
    await using rig = await Rig.start({}, { open });
    const told = once(rig.listener.server, 'error');
    await using client = await WireClient.connected(rig.address);
    expect(await client.end()).toBe('');
    expect(await told).toEqual([new Error('broken on purpose')]);
  });

  test('who hands a socket over is told', async () => {
    await using rig = await Rig.start({}, { open });
    const told = withResolvers<unknown>();
    const { server, port } = await door((socket) => {
      try {
        rig.listener.accept(socket);
      } catch (error) {
        told.resolve(error);
      }
    });
    await using client = await WireClient.connected({ host: '127.0.0.1', port });
    expect(await client.end()).toBe('');
    expect(await told.promise).toEqual(new Error('broken on purpose'));
    server.close();
  });
});

test.each([
  ['implicitTls', { implicitTls: true, policy: { ...POLICY, startTls: 'absent' } }],
  ['policy.startTls "available"', { policy: { ...POLICY, startTls: 'available' } }],
  ['policy.startTls "required"', { policy: { ...POLICY, startTls: 'required' } }],
] as const)('%s without tls is refused at once', (asking, options) => {
  expect(() => new Listener({ ...options, open: () => ({}) })).toThrow(
    expect.objectContaining({
      code: 'ERR_MAILRIG_OPTION',
      option: 'tls',
      message: `The option tls is missing, which ${asking} needs. Give it a secureContext of tls.createSecureContext().`,
    }),
  );
});
