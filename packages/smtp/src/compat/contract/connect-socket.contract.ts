// connect(socket): sockets that another server has accepted.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'vitest';
import { WireClient } from '../../testing/wire-client.ts';
import { codeOf, codes, deliver, EHLO, ENVELOPE } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { FrontServer } from './front-server.ts';
import { HOST } from './served-server.ts';

export function describeConnectSocket({ test }: Contract): void {
  test('connect(socket): serves a socket that another server has accepted', async (t) => {
    await using front = await FrontServer.of(t);
    const client = await front.client();
    expect(await codes(client, ...ENVELOPE)).toEqual(['250', '250', '250']);
    expect(codeOf(await deliver(client))).toBe('250');
    expect(await codes(client, 'QUIT')).toEqual(['221']);
    expect(await client.end()).toBe('');
  });

  test('connect(socket): the addresses are those of the socket', async (t) => {
    await using front = await FrontServer.of(t);
    const client = await front.client();
    expect(front.clients).toEqual([
      {
        id: expect.stringMatching(/./),
        localAddress: HOST,
        localPort: front.port,
        remoteAddress: HOST,
        remotePort: client.socket.localPort,
        clientHostname: `[${HOST}]`,
        hostNameAppearsAs: false,
      },
    ]);
  });

  test('connect(socket, { … }): id and addresses as given', async (t) => {
    const given = {
      id: 'front-7',
      localAddress: '192.0.2.2',
      localPort: 25,
      remoteAddress: '192.0.2.1',
      remotePort: 1234,
    };
    const sessions: unknown[] = [];
    await using front = await FrontServer.of(
      t,
      {
        onConnect({ id, localAddress, localPort, remoteAddress, remotePort, clientHostname }, callback) {
          sessions.push({ id, localAddress, localPort, remoteAddress, remotePort, clientHostname });
          callback();
        },
      },
      given,
    );
    await front.client();
    const seen = { ...given, clientHostname: '[192.0.2.1]' };
    expect(sessions).toEqual([seen]);
    expect(front.clients).toEqual([{ ...seen, hostNameAppearsAs: false }]);
  });

  test('connect(socket, { remoteAddress }): an IPv6 address in its short form', async (t) => {
    await using front = await FrontServer.of(t, {}, { remoteAddress: '2001:DB8:0:0:0:0:0:1' });
    await front.client();
    expect(front.clients).toMatchObject([{ remoteAddress: '2001:db8::1', clientHostname: '[2001:db8::1]' }]);
  });

  test('connect(socket, { remoteAddress }): an IPv4 address mapped to IPv6 is one of IPv4', async (t) => {
    await using front = await FrontServer.of(t, {}, { remoteAddress: '::ffff:192.0.2.1' });
    await front.client();
    expect(front.clients).toMatchObject([{ remoteAddress: '192.0.2.1', clientHostname: '[192.0.2.1]' }]);
  });

  test('connect(socket, { remoteAddress }): looked up', async (t) => {
    const asked: string[] = [];
    const resolver: ContractOptions['resolver'] = {
      reverse(ip, callback) {
        asked.push(ip);
        callback(null, ['client.example']);
      },
    };
    const options = { disableReverseLookup: false, resolver };
    await using front = await FrontServer.of(t, options, { remoteAddress: '192.0.2.1' });
    await front.client();
    expect(asked).toEqual(['192.0.2.1']);
    expect(front.clients).toMatchObject([{ clientHostname: 'client.example' }]);
  });

  test('connect(socket): one of the connections, and of maxClients', async (t) => {
    await using front = await FrontServer.of(t, { maxClients: 1 });
    const client = await front.client();
    expect(front.server.connections.size).toBe(1);
    const next = await WireClient.connected(front);
    expect(codeOf(await next.reply())).toBe('421');
    await next.end();
    client.socket.destroy();
  });

  test('connect(socket): cut off by close()', async (t) => {
    await using front = await FrontServer.of(t, { closeTimeout: 1 });
    const client = await front.client(EHLO);
    front.server.close();
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
  });

  test('connect(socket): socketTimeout counts', async (t) => {
    await using front = await FrontServer.of(t, { socketTimeout: 300 });
    const client = await front.client(EHLO);
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
  });

  test('connect(socket): a socket that is gone already harms nobody', async (t) => {
    const server = t.newServer({ disableReverseLookup: true, logger: false });
    const front = createServer();
    await once(front.listen(0, HOST), 'listening');
    const accepted = once(front, 'connection') as Promise<[Socket]>;
    const { port } = front.address() as AddressInfo;
    const client = connect(port, HOST);
    const [socket] = await accepted;
    const gone = new Promise((resolve) =>
      socket
        .on('error', () => {})
        .once('close', resolve)
        .resume(),
    );
    client.resetAndDestroy();
    await gone;
    server.connect(socket);
    await new Promise((resolve) => front.close(resolve));
    while (server.connections.size > 0) await new Promise(setImmediate);
  });
}
