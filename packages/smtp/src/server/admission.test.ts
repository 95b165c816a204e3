import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { POLICY, Rig } from '../testing/rig.ts';
import { octetByOctet } from '../testing/split.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { WireClient } from '../testing/wire-client.ts';
import { reply } from '../wire/reply.ts';
import type { Connection } from './connection.ts';
import type { SessionHandler, SessionObserver } from './handler.ts';
import type { ListenerOptions } from './listener.ts';
import { withResolvers } from './with-resolvers.ts';

describe('a PROXY header', () => {
  const V1 = 'PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n';
  const behindProxy = async (
    options: Partial<ListenerOptions> = {},
  ): Promise<{ rig: Rig; connections: Connection[] }> => {
    const connections: Connection[] = [];
    const open = (connection: Connection): SessionHandler => {
      connections.push(connection);
      return {};
    };
    return { rig: await Rig.start({}, { expectsProxyHeader: () => true, open, ...options }), connections };
  };

  test.each([
    ['whole', [V1]],
    ['octet by octet', octetByOctet(Buffer.from(V1))],
    ['with what the client says behind it', [`${V1}NOOP\r\n`]],
  ])('names the client, %s', async (_how, pieces) => {
    const { rig, connections } = await behindProxy();
    await using _rig = rig;
    await using client = await WireClient.connected(rig.address);
    for (const piece of pieces) client.send(piece);
    expect(await client.reply()).toBe('220 mail.example ESMTP');
    expect(await client.ask('RSET')).toMatch(/^250 /);
    const { localAddress, localPort, remoteAddress, remotePort, session } = connections[0]!;
    expect({ remoteAddress, remotePort }).toEqual({ remoteAddress: '192.0.2.1', remotePort: 56_324 });
    expect({ localAddress, localPort }).toEqual({ localAddress: '127.0.0.1', localPort: rig.address.port });
    expect(session.peerAddress).toBe('192.0.2.1');
  });

  test('of version 2, before a handshake', async () => {
    const { rig, connections } = await behindProxy({ implicitTls: true });
    await using _rig = rig;
    const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n');
    const header = Buffer.from([0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x34, 0, 25]);
    const socket = connect(rig.address.port, rig.address.host);
    await once(socket, 'connect');
    socket.write(Buffer.concat([signature, header]));
    const secure = connectTls({ socket, ca: testCertificate.cert, servername: 'localhost' });
    expect(String((await once(secure, 'data'))[0])).toMatch(/^220 /);
    expect(connections[0]!.remoteAddress).toBe('192.0.2.1');
    expect(connections[0]!.tls?.mode).toBe('implicit');
    secure.destroy();
  });

  test('that names nobody leaves the peer itself', async () => {
    const { rig, connections } = await behindProxy();
    await using _rig = rig;
    await using client = await WireClient.connected(rig.address);
    client.send('PROXY UNKNOWN\r\n');
    expect(await client.reply()).toMatch(/^220 /);
    expect(connections[0]!.remoteAddress).toBe('127.0.0.1');
  });

  test.each([
    ['is none', 'EHLO client.example\r\n'],
    ['is malformed', 'PROXY TCP4 somewhere\r\n'],
    ['never ends', 'PROXY UNKNOWN '.padEnd(200, 'x')],
  ])('that %s: the client is told, nobody is asked, and the connection closes', async (_what, text) => {
    const { rig, connections } = await behindProxy();
    await using _rig = rig;
    await using client = await WireClient.connected(rig.address);
    client.send(text);
    expect(await client.reply()).toMatch(/^421 /);
    expect(await client.end()).toBe('');
    expect(connections).toEqual([]);
  });

  test('that does not come in time: the connection is cut', async () => {
    const { rig } = await behindProxy({ idleTimeout: 1_000 });
    await using _rig = rig;
    const accepted = once(rig.listener.server, 'connection');
    await using client = await WireClient.connected(rig.address);
    await accepted;
    client.send('PROXY ');
    rig.clock.advance(1_000);
    expect(await client.end()).toBe('');
  });

  test.each(['destroy', 'end', 'resetAndDestroy'] as const)(
    'of a client that leaves before it, by %s',
    async (leave) => {
      const { rig, connections } = await behindProxy();
      await using _rig = rig;
      const accepted = once(rig.listener.server, 'connection');
      await using client = await WireClient.connected(rig.address);
      const [socket] = (await accepted) as [NodeJS.EventEmitter];
      const gone = once(socket, 'close').catch(() => {});
      client.socket[leave]();
      await gone;
      expect(connections).toEqual([]);
    },
  );

  test('is waited for from nobody else, and then is no command', async () => {
    const { rig } = await behindProxy({ expectsProxyHeader: (address) => address !== '127.0.0.1' });
    await using _rig = rig;
    await using client = await WireClient.greeted(rig.address);
    expect(await client.ask(V1.trimEnd())).toMatch(/^500 /);
  });

  test('does not keep the listener from closing', async () => {
    const { rig } = await behindProxy();
    const accepted = once(rig.listener.server, 'connection');
    await using client = await WireClient.connected(rig.address);
    await accepted;
    await rig.listener.close(1_000);
    expect(await client.end()).toBe('');
  });
});

describe('greetDelay', () => {
  test('greets after that time', async () => {
    await using rig = await Rig.start({}, { greetDelay: 500 });
    const accepted = once(rig.listener.server, 'connection');
    await using client = await WireClient.connected(rig.address);
    await accepted;
    rig.clock.advance(500);
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test('sends away who talks in the meantime (RFC 5321 §4.3.1)', async () => {
    await using rig = await Rig.start({}, { greetDelay: 500 });
    await using client = await WireClient.connected(rig.address);
    client.send('EHLO client.example\r\n');
    expect(await client.reply()).toBe('421 4.7.0 You talk before the greeting');
    expect(await client.end()).toBe('');
    expect(await rig.closedBy()).toBe('server');
    rig.clock.advance(500);
  });

  test('tells the observer of who talks in the meantime', async () => {
    const told: unknown[] = [];
    const replied: SessionObserver['replied'] = (_proposal, replies, ahead) => void told.push(replies[0]!.code, ahead);
    await using rig = await Rig.start({}, { greetDelay: 500, open: () => ({ observer: { replied } }) });
    await using client = await WireClient.connected(rig.address);
    client.send('EHLO client.example\r\n');
    await client.end();
    expect(told).toEqual([421, true]);
  });
});

describe('one connection too many', () => {
  test('is told so, on a port of TLS after the handshake', async () => {
    await using rig = await Rig.start({}, { implicitTls: true, maxConnections: 1 });
    await using first = await WireClient.secured(rig.address, testCertificate.cert);
    expect(await first.reply()).toMatch(/^220 /);
    await using second = await WireClient.secured(rig.address, testCertificate.cert);
    expect(await second.reply()).toMatch(/^421 4\.7\.0 Too many connections/);
    expect(await second.end()).toBe('');
    expect(rig.listener.connections.size).toBe(1);
  });

  test('that never begins its handshake is cut in time', async () => {
    await using rig = await Rig.start({}, { implicitTls: true, maxConnections: 0, idleTimeout: 1_000 });
    const accepted = once(rig.listener.server, 'connection');
    await using client = await WireClient.connected(rig.address);
    await accepted;
    rig.clock.advance(1_000);
    expect(await client.end()).toBe('');
  });
});

describe('a socket that somebody else accepted', () => {
  /** A socket whose client says nothing, as the server has it. */
  const accepted = async (rig: Rig, origin: Parameters<typeof rig.listener.accept>[1]): Promise<WireClient> => {
    const door = (await import('node:net')).createServer((socket) => rig.listener.accept(socket, origin));
    await once(door.listen(0, '127.0.0.1'), 'listening');
    const client = await WireClient.connected({ host: '127.0.0.1', port: (door.address() as { port: number }).port });
    await client.reply();
    door.close();
    return client;
  };

  test('comes from where he says', async () => {
    const connections: Connection[] = [];
    await using rig = await Rig.start({}, { open: (connection) => (connections.push(connection), {}) });
    const endpoints = { remoteAddress: '192.0.2.1', remotePort: 1, localAddress: '192.0.2.2', localPort: 2 };
    await using _client = await accepted(rig, { endpoints });
    expect(connections[0]).toMatchObject(endpoints);
  });

  test('counts as secure where he says so', async () => {
    await using rig = await Rig.start({}, { implicitTls: true });
    await using client = await accepted(rig, { secure: true });
    expect(await client.ask('EHLO client.example')).not.toContain('STARTTLS');
    expect([...rig.listener.connections].map(({ session, tls }) => [session.secure, tls])).toEqual([[true, null]]);
  });
});

test('secured: TLS is ended in front of the server', async () => {
  await using rig = await Rig.start({}, { secured: true, policy: { ...POLICY, startTls: 'absent' } });
  await using client = await WireClient.greeted(rig.address);
  expect(await client.ask('EHLO client.example')).toMatch(/250-AUTH PLAIN/);
  expect(await client.ask('STARTTLS')).toMatch(/^503 /);
});

describe('who is not welcome under TLS', () => {
  const no = reply(550, '5.7.1', 'No');

  test.each<[string, SessionHandler['secured'], string]>([
    ['at once', () => no, '550 5.7.1 No'],
    ['later', async () => no, '550 5.7.1 No'],
    ['by a failure', () => Promise.reject(new Error('broken on purpose')), '451 4.3.0 Local error in processing'],
  ])('is told after STARTTLS, %s, and the connection closes', async (_when, secured, expected) => {
    await using rig = await Rig.start({ secured: secured! });
    await using client = await WireClient.greeted(rig.address);
    await client.startTls(testCertificate.cert);
    expect(await client.reply()).toBe(expected);
    expect(await client.end()).toBe('');
  });

  test('is told in the place of the greeting, after the connection was judged', async () => {
    const asked: string[] = [];
    const connectHandler = async (): Promise<undefined> => void asked.push('connect');
    const secured = (): typeof no => (asked.push('secured'), no);
    await using rig = await Rig.start({ connect: connectHandler, secured }, { implicitTls: true });
    await using client = await WireClient.secured(rig.address, testCertificate.cert);
    expect(await client.reply()).toBe('550 5.7.1 No');
    expect(await client.end()).toBe('');
    expect(asked).toEqual(['connect', 'secured']);
  });

  test('is not asked about where the connection was refused', async () => {
    const asked: string[] = [];
    const secured = (): undefined => void asked.push('secured');
    await using rig = await Rig.start({ connect: () => no, secured }, { implicitTls: true });
    await using client = await WireClient.secured(rig.address, testCertificate.cert);
    expect(await client.reply()).toBe('550 5.7.1 No');
    expect(asked).toEqual([]);
  });
});

describe('a client that is asked about for long', () => {
  test('is sent away where it has not been greeted', async () => {
    const asked = withResolvers<void>();
    const never = new Promise<never>(() => {});
    await using rig = await Rig.start({ connect: () => (asked.resolve(), never) }, { idleTimeout: 1_000 });
    await using client = await WireClient.connected(rig.address);
    await asked.promise;
    rig.clock.advance(1_000);
    expect(await client.reply()).toMatch(/^421 4\.4\.2 /);
    expect(await rig.closedBy()).toBe('timeout');
  });

  test('is noticed when it goes', async () => {
    const asked = withResolvers<void>();
    await using rig = await Rig.start({ mail: () => (asked.resolve(), new Promise<never>(() => {})) });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    client.send('MAIL FROM:<ann@example.org>\r\n');
    await asked.promise;
    const [{ socket }] = [...rig.listener.connections] as [Connection];
    const ended = once(socket, 'end');
    client.socket.destroy();
    await ended;
    rig.clock.advance(1_000);
    expect(await rig.closedBy()).toBe('client');
  });
});
