// useProxy: the header of the PROXY protocol, version 1, before everything else.
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { expect } from 'vitest';
import type { WireClient } from '../../testing/wire-client.ts';
import { codeOf, codes, deliver, EHLO, ENVELOPE, say } from './contract-client.ts';
import type { ContractConnect, ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { HOST, IDENTITY, type ServedServer } from './served-server.ts';
import { readReply } from './tls-client.ts';

const TCP4 = 'PROXY TCP4 192.0.2.1 192.0.2.2 1234 25\r\n';

export function describeProxyHeader(contract: Contract): void {
  describeAddresses(contract);
  describeRefusals(contract);
  describeTrust(contract);
  describeTlsBehind(contract);
}

function describeAddresses({ test }: Contract): void {
  const headers: readonly (readonly [string, string, string, number | undefined])[] = [
    ['TCP4', TCP4, '192.0.2.1', 1234],
    ['TCP4, the highest port', 'PROXY TCP4 192.0.2.1 192.0.2.2 65535 25\r\n', '192.0.2.1', 65535],
    ['TCP6', 'PROXY TCP6 2001:db8::1 2001:db8::2 1234 25\r\n', '2001:db8::1', 1234],
    ['TCP6 in its long form', 'PROXY TCP6 2001:DB8:0:0:0:0:0:1 2001:db8::2 1234 25\r\n', '2001:db8::1', 1234],
    ['UNKNOWN', 'PROXY UNKNOWN\r\n', HOST, undefined],
  ];
  for (const [what, header, remoteAddress, remotePort] of headers) {
    test(`useProxy: ${what}: what session and connect event tell of the client`, async (t) => {
      const { served, sessions, clients } = await serve(t, { useProxy: true });
      await using _served = served;
      const client = await introduced(served, header);
      expect(codeOf(await client.reply())).toBe('220');
      const seen = {
        remoteAddress,
        remotePort: remotePort ?? client.socket.localPort,
        clientHostname: `[${remoteAddress}]`,
      };
      expect(sessions).toEqual([seen]);
      expect(clients).toMatchObject([seen]);
      expect(await client.ask('HELO client.example')).toContain(`[${remoteAddress}]`);
    });
  }

  test('useProxy: UNKNOWN with addresses: they are not believed', async (t) => {
    const { served, sessions } = await serve(t, { useProxy: true });
    await using _served = served;
    const client = await introduced(served, TCP4.replace('TCP4', 'UNKNOWN'));
    expect(codeOf(await client.reply())).toBe('220');
    expect(sessions).toMatchObject([{ remoteAddress: HOST, remotePort: client.socket.localPort }]);
  });

  test('useProxy: local address and port are those of the socket', async (t) => {
    const { served, clients } = await serve(t, { useProxy: true });
    await using _served = served;
    await (await introduced(served, TCP4)).reply();
    expect(clients).toMatchObject([{ localAddress: HOST, localPort: served.port }]);
  });

  test('useProxy: a session as any other follows', async (t) => {
    const { served } = await serve(t, { useProxy: true });
    await using _served = served;
    const client = await introduced(served, TCP4);
    await client.reply();
    await say(client, ...ENVELOPE);
    expect(codeOf(await deliver(client))).toBe('250');
  });

  test('useProxy: a header in pieces', async (t) => {
    const { served, sessions } = await serve(t, { useProxy: true });
    await using _served = served;
    const accepted = once(served.server.server, 'connection');
    const client = await served.connected();
    const [socket] = await accepted;
    for (const octet of TCP4) {
      const { bytesRead } = socket;
      client.send(octet);
      while (socket.bytesRead === bytesRead) await new Promise(setImmediate);
    }
    expect(codeOf(await client.reply())).toBe('220');
    expect(sessions).toMatchObject([{ remoteAddress: '192.0.2.1' }]);
  });

  test('useProxy: the address is looked up', async (t) => {
    const asked: string[] = [];
    const resolver: ContractOptions['resolver'] = {
      reverse(ip, callback) {
        asked.push(ip);
        callback(null, ['client.example']);
      },
    };
    const { served, clients } = await serve(t, { useProxy: true, disableReverseLookup: false, resolver });
    await using _served = served;
    await (await introduced(served, TCP4)).reply();
    expect(asked).toEqual(['192.0.2.1']);
    expect(clients).toMatchObject([{ clientHostname: 'client.example' }]);
  });

  test('useProxy: a second header is an unknown command', async (t) => {
    const { served } = await serve(t, { useProxy: true });
    await using _served = served;
    const client = await introduced(served, TCP4);
    await client.reply();
    expect(await codes(client, TCP4.trimEnd(), 'NOOP')).toEqual(['500', '250']);
  });
}

function describeRefusals({ test }: Contract): void {
  const headers: readonly (readonly [string, string])[] = [
    ['a command', `${EHLO}\r\n`],
    ['an empty line and a command', `\r\n${EHLO}\r\n`],
    ['HTTP', 'GET / HTTP/1.1\r\n'],
    ['a source that is no address', 'PROXY TCP4 client.example 192.0.2.2 1234 25\r\n'],
    ['a source out of range', 'PROXY TCP4 192.0.2.300 192.0.2.2 1234 25\r\n'],
    ['fields missing', 'PROXY TCP4 192.0.2.1\r\n'],
    ['too long', `PROXY UNKNOWN ${'f'.repeat(120)}\r\n`],
    ['too long, and endless', `PROXY UNKNOWN ${'f'.repeat(1000)}`],
    ['a line that is long, and no header', `EHLO ${'c'.repeat(1000)}\r\n`],
  ];
  for (const [what, header] of headers) {
    test(`useProxy: ${what}: the connection is closed, and there was no session`, async (t) => {
      let closings = 0;
      const { served, sessions, clients } = await serve(t, { useProxy: true, onClose: () => void closings++ });
      await using _served = served;
      const client = await introduced(served, header);
      expect(await client.end()).not.toMatch(/^2/m);
      expect([sessions, clients, closings]).toEqual([[], [], 0]);
      expect(served.errors).toEqual([]);
    });
  }

  test('useProxy: a line that is no header: what is said before the connection is closed is a reply', async (t) => {
    const { served } = await serve(t, { useProxy: true });
    await using _served = served;
    const client = await introduced(served, `${EHLO}\r\n`);
    expect(await client.end()).toMatch(/^([45]\d\d .*\r\n)?$/);
  });

  const strict: readonly (readonly [string, string])[] = [
    ['lower case', TCP4.toLowerCase()],
    ['LF alone', TCP4.replace('\r\n', '\n')],
    ['a port out of range', 'PROXY TCP4 192.0.2.1 192.0.2.2 65536 25\r\n'],
    ['a port that is no number', 'PROXY TCP4 192.0.2.1 192.0.2.2 x 25\r\n'],
    ['an IPv6 address for TCP4', 'PROXY TCP4 2001:db8::1 192.0.2.2 1234 25\r\n'],
    ['another protocol', TCP4.replace('TCP4', 'UDP4')],
    ['a field too many', 'PROXY TCP4 192.0.2.1 192.0.2.2 1234 25 26\r\n'],
    ['no protocol', 'PROXY\r\n'],
  ];
  for (const [what, header] of strict) {
    test(`useProxy: ${what}: refused`, async (t) => {
      const { served, sessions } = await serve(t, { useProxy: true, socketTimeout: 500 });
      await using _served = served;
      const client = await introduced(served, header);
      expect(await client.end()).not.toMatch(/^2/m);
      expect(sessions).toEqual([]);
    });
  }

  for (const how of ['destroy', 'resetAndDestroy', 'end'] as const) {
    for (const header of ['', 'PROXY TCP4 192.']) {
      test(`useProxy: a client that leaves (${how}) after ${JSON.stringify(header)} harms nobody`, async (t) => {
        const { served, clients } = await serve(t, { useProxy: true });
        await using _served = served;
        const accepted = once(served.server.server, 'connection');
        const client = await introduced(served, header);
        const [socket] = await accepted;
        const gone = new Promise((resolve) => socket.once('close', resolve));
        client.socket[how]();
        if (!socket.closed) await gone;
        expect(served.server.connections.size).toBe(0);
        await (await introduced(served, TCP4)).reply();
        expect(clients).toHaveLength(1);
      });
    }
  }
}

function describeTrust({ test }: Contract): void {
  for (const useProxy of [['127.0.0.1'], ['192.0.2.9', '127.0.0.1'], ['::ffff:127.0.0.1'], ['*']]) {
    test(`useProxy: ${JSON.stringify(useProxy)}: taken from 127.0.0.1`, async (t) => {
      const { served, sessions } = await serve(t, { useProxy });
      await using _served = served;
      const client = await introduced(served, TCP4);
      expect(codeOf(await client.reply())).toBe('220');
      expect(sessions).toMatchObject([{ remoteAddress: '192.0.2.1' }]);
    });
  }

  for (const useProxy of [false, [], ['192.0.2.9']]) {
    test(`useProxy: ${JSON.stringify(useProxy)}: no header is awaited from 127.0.0.1, and one is a syntax error`, async (t) => {
      const { served, sessions } = await serve(t, { useProxy });
      await using _served = served;
      const client = await served.connected();
      expect(codeOf(await client.reply())).toBe('220');
      expect(await codes(client, TCP4.trimEnd(), EHLO)).toEqual(['500', '250']);
      expect(sessions).toMatchObject([{ remoteAddress: HOST }]);
    });
  }

  test('useProxy: maxClients counts those behind a proxy', async (t) => {
    const { served } = await serve(t, { useProxy: true, maxClients: 1 });
    await using _served = served;
    expect(codeOf(await (await introduced(served, TCP4)).reply())).toBe('220');
    const next = await introduced(served, TCP4);
    expect(codeOf(await next.reply())).toBe('421');
    expect(await next.end()).toBe('');
  });
}

function describeTlsBehind({ test }: Contract): void {
  for (const needsUpgrade of [false, true]) {
    test(`useProxy with secure, needsUpgrade ${needsUpgrade}: the header in clear text, then the handshake`, async (t) => {
      const { served, sessions } = await serve(t, { ...IDENTITY, useProxy: true, secure: true, needsUpgrade });
      await using _served = served;
      const socket = await secured(await introduced(served, TCP4));
      expect(await readReply(socket)).toMatch(/^220 /);
      expect(sessions).toMatchObject([{ remoteAddress: '192.0.2.1', remotePort: 1234 }]);
    });
  }

  test('useProxy with secure and secured: all of it in clear text', async (t) => {
    const { served, sessions } = await serve(t, { ...IDENTITY, useProxy: true, secure: true, secured: true });
    await using _served = served;
    const client = await introduced(served, TCP4);
    expect(codeOf(await client.reply())).toBe('220');
    expect(sessions).toMatchObject([{ remoteAddress: '192.0.2.1' }]);
  });

  test('useProxy: STARTTLS behind it', async (t) => {
    const { served } = await serve(t, { ...IDENTITY, useProxy: true });
    await using _served = served;
    const client = await introduced(served, TCP4);
    await client.reply();
    await client.ask(EHLO);
    await client.startTls(served.ca);
    expect(await codes(client, EHLO)).toEqual(['250']);
  });
}

/** A server, and what its sessions and connect events tell of clients. */
async function serve(
  t: ContractCase,
  options: ContractOptions,
): Promise<{ readonly served: ServedServer; readonly sessions: object[]; readonly clients: ContractConnect[] }> {
  const sessions: object[] = [];
  const clients: ContractConnect[] = [];
  const served = await t.serve({
    onConnect({ remoteAddress, remotePort, clientHostname }, callback) {
      sessions.push({ remoteAddress, remotePort, clientHostname });
      callback();
    },
    ...options,
  });
  served.server.on('connect', (client) => clients.push(client));
  return { served, sessions, clients };
}

/** A client that has sent its header, and has read nothing. */
async function introduced(served: ServedServer, header: string): Promise<WireClient> {
  const client = await served.connected();
  if (header !== '') client.send(header);
  return client;
}

async function secured(client: WireClient): Promise<TLSSocket> {
  const socket = connectTls({
    socket: client.socket.removeAllListeners(),
    ca: IDENTITY.cert,
    servername: 'localhost',
  });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}
