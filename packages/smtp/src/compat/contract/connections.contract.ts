// Who is connected: the connect event, connections and maxClients.
import { expect } from 'vitest';
import type { WireClient } from '../../testing/wire-client.ts';
import { codeOf, deliver, EHLO, ENVELOPE, MAIL, say } from './contract-client.ts';
import { refusal, type ContractServer, type ContractConnect } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { HOST, IDENTITY } from './served-server.ts';

export function describeConnections(contract: Contract): void {
  describeConnectEvent(contract);
  describeNumber(contract);
}

function describeConnectEvent({ test }: Contract): void {
  test('the connect event tells who has connected', async (t) => {
    let id: string | undefined;
    await using served = await t.serve({
      onConnect(session, callback) {
        id = session.id;
        callback();
      },
    });
    const clients: ContractConnect[] = [];
    served.server.on('connect', (client) => clients.push(client));
    const client = await served.client(EHLO, MAIL);
    expect(id).toMatch(/./);
    expect(clients).toEqual([
      {
        id,
        localAddress: HOST,
        localPort: served.port,
        remoteAddress: HOST,
        remotePort: client.socket.localPort,
        clientHostname: `[${HOST}]`,
        hostNameAppearsAs: false,
      },
    ]);
  });

  test('the connect event comes after onConnect, and before the greeting is read', async (t) => {
    const order: string[] = [];
    await using served = await t.serve({
      onConnect(_session, callback) {
        order.push('onConnect');
        setImmediate(callback);
      },
    });
    served.server.on('connect', () => order.push('connect'));
    await served.client();
    expect(order).toEqual(['onConnect', 'connect']);
  });

  test('the connect event does not come for a client that onConnect refuses', async (t) => {
    await using served = await t.serve({ onConnect: (_session, callback) => callback(refusal('No')) });
    const clients: ContractConnect[] = [];
    served.server.on('connect', (client) => clients.push(client));
    const client = await served.connected();
    expect(await client.reply()).toBe('554 No');
    await client.end();
    expect(clients).toEqual([]);
  });

  test('the connect event comes once for every client, with an id of its own', async (t) => {
    await using served = await t.serve();
    const ids: string[] = [];
    served.server.on('connect', ({ id }) => ids.push(id));
    for (let count = 0; count < 3; count++) await say(await served.client(EHLO, ...ENVELOPE), 'RSET', EHLO);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toHaveLength(3);
  });
}

function describeNumber({ test }: Contract): void {
  test('connections: those that are open', async (t) => {
    await using served = await t.serve();
    const { connections } = served.server;
    const [first, second] = [await served.client(), await served.client()];
    expect(connections.size).toBe(2);
    await leave(served.server, first, () => first.socket.destroy());
    expect(connections.size).toBe(1);
    await leave(served.server, second, () => second.send('QUIT\r\n'));
    expect(connections.size).toBe(0);
  });

  test('maxClients: the next one gets 421 and is cut off, unseen by onConnect', async (t) => {
    let calls = 0;
    await using served = await t.serve({
      maxClients: 1,
      onConnect(_session, callback) {
        calls++;
        callback();
      },
    });
    await served.client();
    const next = await served.connected();
    expect(codeOf(await next.reply())).toBe('421');
    expect(await next.end()).toBe('');
    expect(calls).toBe(1);
    expect(served.server.connections.size).toBe(1);
  });

  test('maxClients: there is room again when one has left', async (t) => {
    await using served = await t.serve({ maxClients: 2 });
    const clients = [await served.client(), await served.client()];
    expect(codeOf(await (await served.connected()).reply())).toBe('421');
    await leave(served.server, clients[0]!, () => clients[0]!.socket.destroy());
    expect(codeOf(await (await served.connected()).reply())).toBe('220');
    expect(codeOf(await (await served.connected()).reply())).toBe('421');
  });

  test('maxClients: with secure the 421 comes under TLS', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true, maxClients: 1 });
    const first = await served.secured();
    await first.reply();
    const next = await served.secured();
    expect(codeOf(await next.reply())).toBe('421');
    expect(await next.end()).toBe('');
  });

  test('maxClients: a client in mid-message is one of them', async (t) => {
    await using served = await t.serve({ maxClients: 1 });
    const client = await served.client(...ENVELOPE);
    await client.ask('DATA');
    expect(codeOf(await (await served.connected()).reply())).toBe('421');
    expect(codeOf(await client.ask('Hello\r\n.'))).toBe('250');
    expect(codeOf(await deliver(client))).not.toBe('250');
  });
}

/** Resolves when the server has seen a client leave. */
async function leave(server: ContractServer, client: WireClient, depart: () => void): Promise<void> {
  const { connections } = server;
  const { size } = connections;
  depart();
  await client.end();
  while (connections.size === size) await new Promise(setImmediate);
}
