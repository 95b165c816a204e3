import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { withResolvers } from '../server/with-resolvers.ts';
import { WireClient } from '../testing/wire-client.ts';
import { SMTPServer } from './smtp-server.ts';
import { ENVELOPE, Served } from './testing/served.ts';
import type { SMTPServerOptions } from './options.ts';
import type { SMTPServerConnection, SMTPServerConnectionInfo, SMTPServerListenArguments } from './types.ts';

const HOST = '127.0.0.1';

const closed = (server: SMTPServer): Promise<void> => new Promise((resolve) => server.close(resolve));

describe('listen()', () => {
  const socketPath =
    process.platform === 'win32' ? `\\\\.\\pipe\\${randomUUID()}` : join(tmpdir(), `${randomUUID()}.sock`);

  test.each<[string, SMTPServerListenArguments]>([
    ['nothing', []],
    ['a port', [0]],
    ['a port and a host', [0, HOST]],
    ['a port, a host and a backlog', [0, HOST, 10]],
    ['options', [{ port: 0, host: HOST }]],
    ['a path', [socketPath]],
  ])('takes %s, and a callback', async (_what, args) => {
    const server = new SMTPServer();
    const listening = new Promise<void>((resolve) => {
      const returned = server.listen(...([...args, resolve] as SMTPServerListenArguments));
      expect(returned).toBe(server.server);
    });
    await listening;
    expect(server.server.listening).toBe(true);
    await closed(server);
  });
});

test('a connection that is listed can be closed by what was taken from it', async () => {
  const server = new SMTPServer({ disableReverseLookup: true });
  await using served = await Served.server(server);
  await using client = await served.client();
  const [listed] = [...server.connections] as [SMTPServerConnection];
  const taken = { ...listed };
  expect(taken).toMatchObject({ id: listed.session.id, remoteAddress: HOST });
  // oxlint-disable-next-line typescript/unbound-method -- that it needs no `this` is what is tested
  Reflect.apply(taken.close, undefined, []);
  await client.end();
});

describe('close()', () => {
  test('answers idle sessions 421 at once, lets a message come to its end, and then calls back', async () => {
    const server = new SMTPServer({ authOptional: true, disableReverseLookup: true });
    await using served = await Served.server(server);
    await using idle = await served.client();
    await using sending = await served.client(...ENVELOPE, 'DATA');
    const done = closed(server);
    expect(await idle.reply()).toMatch(/^421 /);
    expect(await sending.ask('Hello\r\n.')).toMatch(/^250 /);
    expect(await sending.reply()).toMatch(/^421 /);
    await done;
    expect(server.connections.size).toBe(0);
  });

  test('cuts a message that does not end within closeTimeout', async () => {
    const server = new SMTPServer({ authOptional: true, disableReverseLookup: true, closeTimeout: 1 });
    await using served = await Served.server(server);
    await using client = await served.client(...ENVELOPE, 'DATA');
    await closed(server);
    expect(await client.end()).toMatch(/^421 /);
  });

  test('is followed by a listen() that works, on the same port', async () => {
    const server = new SMTPServer({ authOptional: true, disableReverseLookup: true });
    const { port } = await Served.server(server);
    await closed(server);
    await once(server.listen(port, HOST), 'listening');
    await using client = await WireClient.greeted({ host: HOST, port });
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    client.socket.destroy();
    await closed(server);
  });

  test('may be called without listening, twice, and without a callback; the event comes once', async () => {
    let events = 0;
    const server = new SMTPServer();
    server.on('close', () => events++);
    await closed(server);
    await once(server.listen(0, HOST), 'listening');
    server.close();
    await closed(server);
    await closed(server);
    expect(events).toBe(1);
  });

  test('while one is closing that listens again: the event comes once for both', async () => {
    let events = 0;
    const server = new SMTPServer({ authOptional: true, disableReverseLookup: true });
    server.on('close', () => events++);
    const { port } = await Served.server(server);
    await using client = await WireClient.greeted({ host: HOST, port });
    for (const line of [...ENVELOPE, 'DATA']) await client.ask(line);
    const first = closed(server);
    await once(server.listen(port, HOST), 'listening');
    client.send('.\r\n');
    await first;
    await closed(server);
    expect(events).toBe(1);
  });

  test('closeTimeout: 0 is the default, not none', async () => {
    const server = new SMTPServer({ authOptional: true, disableReverseLookup: true, closeTimeout: 0 });
    await using served = await Served.server(server);
    await using client = await served.client(...ENVELOPE, 'DATA');
    const whole = closed(server);
    // A timer that the server set for 0 would go off before this one.
    await new Promise((resolve) => setTimeout(resolve, 2));
    client.send('.\r\n');
    expect(await client.reply()).toMatch(/^250 /);
    await whole;
  });

  test.each([true, false])('does not wait for a handshake, with secure: %s', async (secure) => {
    const server = new SMTPServer({ secure, disableReverseLookup: true });
    await using served = await Served.server(server);
    const socket = connect(served.port, HOST).on('error', () => {});
    const accepted = once(server.server, 'connection');
    if (!secure) {
      socket.write('EHLO client.example\r\nSTARTTLS\r\n');
      for (let received = ''; !/^220 Ready/m.test(received);) received += String((await once(socket, 'data'))[0]);
    }
    await accepted;
    await closed(server);
  });

  test('calls back after onClose', async () => {
    const order: string[] = [];
    const server = new SMTPServer({ disableReverseLookup: true, onClose: () => void order.push('onClose') });
    await using served = await Served.server(server);
    await using _client = await served.client();
    await closed(server);
    expect([...order, 'closed']).toEqual(['onClose', 'closed']);
  });

  test('does not wait for a client that was one too many and stays', async () => {
    const server = new SMTPServer({ maxClients: 1, disableReverseLookup: true });
    await using served = await Served.server(server);
    await using _first = await served.client();
    const tooMany = connect({ host: HOST, port: served.port, allowHalfOpen: true });
    expect(String((await once(tooMany, 'data'))[0])).toMatch(/^421 /);
    await closed(server);
    tooMany.destroy();
  });
});

test('maxClients: the next one gets 421, and there is room again when one has gone', async () => {
  const gone = withResolvers<void>();
  await using served = await Served.options({ maxClients: 1, onClose: () => gone.resolve() });
  await using first = await served.client();
  await using second = await WireClient.connected(served);
  expect(await second.reply()).toMatch(/^421 /);
  expect(await second.end()).toBe('');
  await first.ask('QUIT');
  await gone.promise;
  await using third = await WireClient.connected(served);
  expect(await third.reply()).toMatch(/^220 /);
});

test.each<[string, string[]]>([
  ['between commands', []],
  ['in mid-message', [...ENVELOPE, 'DATA']],
])('socketTimeout %s: 421, and the connection is closed', async (_when, lines) => {
  await using served = await Served.options({ authOptional: true, socketTimeout: 100 });
  await using client = await served.client(...lines);
  expect(await client.reply()).toMatch(/^421 /);
  expect(await client.end()).toBe('');
});

test('the connect event tells who has connected, unless it was refused', async () => {
  const clients: SMTPServerConnectionInfo[] = [];
  let sessionId: string | undefined;
  const server = new SMTPServer({
    disableReverseLookup: true,
    onConnect(session, callback) {
      sessionId ??= session.id;
      callback(clients.length === 0 ? null : new Error('Enough'));
    },
  });
  server.on('connect', (client) => clients.push(client));
  await using served = await Served.server(server);
  await using client = await served.client();
  await using _refused = await served.client();
  expect(clients).toEqual([
    {
      id: sessionId,
      localAddress: HOST,
      localPort: served.port,
      remoteAddress: HOST,
      remotePort: client.socket.localPort,
      clientHostname: `[${HOST}]`,
      hostNameAppearsAs: false,
    },
  ]);
});

describe('onClose', () => {
  /** Runs a session, and tells what happened in it. */
  async function happenings(options: SMTPServerOptions, run: (served: Served) => Promise<unknown>): Promise<string[]> {
    const happened: string[] = [];
    const gone = withResolvers<void>();
    await using served = await Served.options({
      authOptional: true,
      onConnect(_session, callback) {
        happened.push('onConnect');
        callback();
      },
      onData(stream, _session, callback) {
        for (const event of ['error', 'close']) stream.on(event, () => happened.push(event));
        stream.on('error', callback);
      },
      onClose({ envelope }) {
        happened.push(`onClose with ${envelope.rcptTo.length} recipients`);
        gone.resolve();
      },
      ...options,
    });
    await run(served);
    await gone.promise;
    await closed(served.server);
    return happened;
  }

  const leave = async (client: WireClient, how: 'destroy' | 'resetAndDestroy' | 'end' = 'destroy'): Promise<void> =>
    void client.socket[how]();

  test.each<[string, SMTPServerOptions, (served: Served) => Promise<unknown>]>([
    ['QUIT', {}, async (served) => (await served.client()).ask('QUIT')],
    ['the client leaves', {}, async (served) => leave(await served.client())],
    ['the client says no more', {}, async (served) => leave(await served.client(), 'end')],
    ['the client resets', {}, async (served) => leave(await served.client(), 'resetAndDestroy')],
    ['the client leaves at once', {}, async (served) => leave(await WireClient.connected(served))],
    ['a time-out', { socketTimeout: 20 }, async (served) => (await served.client()).end()],
    ['the server closes', {}, async (served) => served.client().then(() => served.server.close())],
    [
      'a handshake that fails',
      {},
      async (served) => {
        const client = await served.client('EHLO client.example', 'STARTTLS');
        client.send('no hello at all\r\n');
      },
    ],
  ])('once, after %s', async (_what, options, run) => {
    expect(await happenings(options, run)).toEqual(['onConnect', 'onClose with 0 recipients']);
  });

  test('once, after onConnect refuses', async () => {
    const onConnect: SMTPServerOptions['onConnect'] = (_session, callback) => callback(new Error('No'));
    const run = (served: Served): Promise<WireClient> => WireClient.connected(served);
    expect(await happenings({ onConnect }, run)).toEqual(['onClose with 0 recipients']);
  });

  test('after the stream of a message that was cut off, and with its envelope', async () => {
    const cutOff = ['onConnect', 'error', 'close', 'onClose with 1 recipients'];
    const inMessage = (served: Served): Promise<WireClient> => served.client(...ENVELOPE, 'DATA');
    expect(await happenings({}, async (served) => leave(await inMessage(served)))).toEqual(cutOff);
    expect(await happenings({ socketTimeout: 20 }, inMessage)).toEqual(cutOff);
  });
});

describe('nothing that goes wrong is an unhandled error', () => {
  const ask = async (served: Served): Promise<string> => {
    await using client = await served.client();
    return await client.ask('NOOP');
  };
  const boom = (): never => {
    throw new Error('boom');
  };

  test.each<[string, SMTPServerOptions['onClose']]>([
    ['throws', boom],
    ['rejects', async () => boom()],
  ])('an onClose that %s', async (_how, onClose) => {
    const failures: string[] = [];
    const failed = withResolvers<void>();
    const error = (_fields: object, text: string): void => {
      failures.push(text);
      failed.resolve();
    };
    const quiet = (): void => {};
    await using served = await Served.options({
      onClose: onClose!,
      logger: { debug: quiet, info: quiet, warn: quiet, error },
    });
    await (await served.client()).ask('QUIT');
    await failed.promise;
    expect(failures).toEqual(['A handler failed: boom']);
  });

  test('a logger that throws', async () => {
    await using served = await Served.options({ logger: { debug: boom, info: boom, warn: boom, error: boom } });
    expect(await ask(served)).toBe('250 OK');
  });

  test('a connect listener that throws: the client is refused', async () => {
    const server = new SMTPServer({ disableReverseLookup: true }).on('connect', boom);
    await using served = await Served.server(server);
    await using client = await WireClient.connected(served);
    expect(await client.reply()).toMatch(/^451 /);
  });

  test.each([true, false])('port scans, with secure: %s', async (secure) => {
    await using served = await Served.options({ secure });
    for (const leave of ['destroy', 'resetAndDestroy'] as const) {
      const socket = connect(served.port, HOST);
      await once(socket, 'connect');
      socket[leave]();
      await once(socket, 'close');
    }
    await served.send({}, { secure }).catch((error: unknown) => expect(error).toMatchObject({ responseCode: 530 }));
  });

  test.each([true, false])('a failed handshake, which the error event tells of, with secure: %s', async (secure) => {
    const server = new SMTPServer({ secure, disableReverseLookup: true });
    await using served = await Served.server(server);
    const distrust = { secure, tls: { ca: [], servername: 'localhost' } };
    await expect(served.send({}, distrust)).rejects.toThrow(/self-signed/);
    const told = new Promise((resolve) => server.once('error', resolve));
    await expect(served.send({}, distrust)).rejects.toThrow(/self-signed/);
    expect(await told).toBeInstanceOf(Error);
  });

  test('a handshake that fails before the greeting: there is no session', async () => {
    const called: string[] = [];
    const failed = withResolvers<void>();
    const server = new SMTPServer({
      secure: true,
      onConnect: () => void called.push('onConnect'),
      onClose: () => void called.push('onClose'),
    }).on('error', () => failed.resolve());
    await using served = await Served.server(server);
    const socket = connect(served.port, HOST).on('error', () => {});
    socket.end('GET / HTTP/1.1\r\n\r\n');
    await failed.promise;
    await closed(server);
    expect(called).toEqual([]);
  });
});
