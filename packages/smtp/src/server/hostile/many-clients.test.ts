// More clients at once than any test has, and clients that come only to go.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { ObservedSessions } from '../../testing/observed-sessions.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { WireClient } from '../../testing/wire-client.ts';
import type { ListenerOptions } from '../listener.ts';

// So many take longer where there is much else to do.
vi.setConfig({ testTimeout: 20_000 });

interface Served {
  readonly rig: Rig;
  readonly sessions: ObservedSessions;
  /** What the socket server reported. */
  readonly errors: readonly Error[];
}

async function serve(options: Partial<ListenerOptions> = {}): Promise<Served> {
  const sessions = new ObservedSessions();
  const rig = await Rig.start({}, { policy: policyWith(), open: sessions.open, ...options });
  const errors: Error[] = [];
  rig.listener.server.on('error', (error) => errors.push(error));
  return { rig, sessions, errors };
}

const MANY = 2_000;
/** Fewer than the system lets wait to be accepted: by Node's default 511. */
const AT_ONCE = 250;

/** So many clients, all greeted. */
async function crowd({ rig }: Served): Promise<WireClient[]> {
  const clients: WireClient[] = [];
  while (clients.length < MANY) {
    clients.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => WireClient.greeted(rig.address)))));
  }
  return clients;
}

/** Whether a client is greeted and answered; one more than there is room for is told so, or cut. */
async function isServed({ rig }: Served, first = ''): Promise<boolean> {
  await using client = await WireClient.connected(rig.address);
  client.send(first);
  const greeting = await client.reply().catch(() => '');
  return greeting.startsWith('220 ') && (await client.ask('NOOP')).startsWith('250 ');
}

describe(`${MANY} clients that say nothing`, () => {
  test('are all greeted, keep nobody from being served, and are all told when the server closes', async () => {
    const served = await serve();
    await using rig = served.rig;
    const clients = await crowd(served);
    expect(rig.listener.connections.size).toBe(MANY);
    expect(await isServed(served)).toBe(true);
    const closed = rig.listener.close(30_000);
    const told = await Promise.all(clients.map((client) => client.end()));
    await closed;
    expect(new Set(told)).toEqual(new Set(['421 4.3.2 Server is shutting down\r\n']));
    expect(rig.listener.connections.size).toBe(0);
    expect(served.sessions.all.slice(0, MANY).filter(({ closings }) => closings.join() !== 'server')).toEqual([]);
    expect(served.errors).toEqual([]);
  });

  test('are all cut when the server stops', async () => {
    const served = await serve();
    await using rig = served.rig;
    const clients = await crowd(served);
    await rig.listener.stop();
    expect(rig.listener.connections.size).toBe(0);
    expect(served.sessions.all.map(({ closings }) => closings.join())).toEqual(Array<string>(MANY).fill('server'));
    const told = await Promise.all(clients.map((client) => client.end()));
    expect(new Set(told)).toEqual(new Set(['']));
  });

  test('are all ended by the idle limit', async () => {
    const served = await serve({ idleTimeout: 1_000 });
    await using rig = served.rig;
    const clients = await crowd(served);
    rig.clock.advance(1_000);
    const told = await Promise.all(clients.map((client) => client.end()));
    expect(new Set(told)).toEqual(new Set(['421 4.4.2 Nothing received for too long\r\n']));
    await Promise.all(served.sessions.all.map(({ ended }) => ended));
    expect(rig.listener.connections.size).toBe(0);
  });
});

/** Unlike `once` it does not mind an error in between. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const ROUNDS = 10;
const STORM = 500;

/** Clients that connect at once and go, and say a word or none; some before the server has seen them. */
async function storm({ rig }: Served, go: (socket: Socket, index: number) => void): Promise<void> {
  const { host, port } = rig.address;
  const gone = Array.from({ length: STORM }, async (_none, index) => {
    const socket = connect({ host, port });
    socket.on('error', () => {});
    const closed = closeOf(socket);
    await once(socket, 'connect');
    go(socket, index);
    socket.resume();
    await closed;
  });
  await Promise.all(gone);
}

/** Resolves when all who have come are gone. */
async function deserted(served: Served): Promise<void> {
  // Whoever came before this one has been accepted before.
  expect(await isServed(served)).toBe(true);
  await Promise.all(served.sessions.all.map(({ ended }) => ended));
  expect(served.rig.listener.connections.size).toBe(0);
}

/** How they go: by a reset, with words still on the way, or after a word. */
const WAYS: readonly ((socket: Socket) => void)[] = [
  (socket) => void socket.resetAndDestroy(),
  (socket) => {
    socket.write('EHLO c.example\r\n');
    socket.resetAndDestroy();
  },
  (socket) => void socket.end(),
  (socket) => void socket.end('NOOP\r\n'),
];

describe(`${STORM} clients that come at once and go, ${ROUNDS} times`, () => {
  test('leave nothing behind', async () => {
    const served = await serve();
    await using _rig = served.rig;
    for (let round = 0; round < ROUNDS; round++) {
      await storm(served, (socket, index) => WAYS[index % WAYS.length]!(socket));
      await deserted(served);
    }
    expect(served.sessions.all.filter(({ closings }) => closings.length !== 1)).toEqual([]);
    expect(served.sessions.failures).toEqual([]);
    expect(served.errors).toEqual([]);
  });
});

describe('a server that is full', () => {
  test('serves none of those who storm it, and is open again when there is room', async () => {
    const room = 5;
    const served = await serve({ maxConnections: room });
    await using rig = served.rig;
    const guests = await Promise.all(Array.from({ length: room }, () => WireClient.greeted(rig.address)));
    const { host, port } = rig.address;
    const heard = Array.from({ length: STORM }, async () => {
      const socket = connect({ host, port });
      socket.on('error', () => {});
      let text = '';
      socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
      await closeOf(socket);
      return text;
    });
    const words = await Promise.all(heard);
    const told = words.filter((text) => text !== '');
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set(['421 4.7.0 Too many connections\r\n']));
    expect(served.sessions.all).toHaveLength(room);
    for (const guest of guests) expect(await guest.ask('NOOP')).toMatch(/^250 /);
    expect(await isServed(served)).toBe(false);
    const { ended } = served.sessions.of(guests[0]!.socket.localPort!);
    guests[0]!.socket.resetAndDestroy();
    await ended;
    expect(await isServed(served)).toBe(true);
  });

  test('whose guests come and go serves no more than it has room for', async () => {
    const room = 2;
    const served = await serve({ maxConnections: room });
    await using rig = served.rig;
    let most = 0;
    rig.listener.server.on('connection', () => (most = Math.max(most, rig.listener.connections.size)));
    for (let round = 0; round < ROUNDS; round++) await storm(served, (socket) => void socket.end('QUIT\r\n'));
    expect(most).toBe(room);
    await Promise.all(served.sessions.all.map(({ ended }) => ended));
    await deserted(served);
  });

  test('of clients that go before their PROXY header is open again', async () => {
    const served = await serve({ maxConnections: 2, expectsProxyHeader: () => true });
    await using _rig = served.rig;
    for (let round = 0; round < ROUNDS; round++) {
      await storm(served, (socket, index) => {
        if (index % 2 === 0) socket.resetAndDestroy();
        else socket.end('PROXY TCP4 ');
      });
    }
    // Those who are gone may not be known to be gone yet.
    let tries = 0;
    while (!(await isServed(served, 'PROXY UNKNOWN\r\n'))) expect(++tries).toBeLessThan(100);
    expect(served.sessions.all).toHaveLength(1);
  });

  test('waits for none of those who do not listen to why they are turned away', async () => {
    const served = await serve({ maxConnections: 1 });
    await using rig = served.rig;
    await using guest = await WireClient.greeted(rig.address);
    const { host, port } = rig.address;
    // Nobody reads from them.
    const sockets = Array.from({ length: STORM }, () => connect({ host, port }).on('error', () => {}));
    const gone = sockets.map(closeOf);
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await isServed(served)).toBe(false);
    expect(await guest.ask('NOOP')).toMatch(/^250 /);
    await rig.listener.stop();
    for (const socket of sockets) socket.resume();
    await Promise.all(gone);
    expect(served.sessions.all).toHaveLength(1);
  });
});
