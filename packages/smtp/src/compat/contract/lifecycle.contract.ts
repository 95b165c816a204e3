// From the constructor to listen().
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { closed } from './closed.ts';
import { codeOf } from './contract-client.ts';
import type { ContractServer } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { HOST, IDENTITY } from './served-server.ts';

export function describeLifecycle(contract: Contract): void {
  describeConstruction(contract);
  describeListen(contract);
}

function describeConstruction({ test }: Contract): void {
  test('the constructor needs no options', async (t) => {
    const server = new t.SMTPServer();
    await once(server.listen(0, HOST), 'listening');
    expect(server.server.listening).toBe(true);
    await closed(server);
  });

  test('options: what was given', async (t) => {
    const onMailFrom = (): void => {};
    const given = { ...IDENTITY, name: 'mx.example.org', size: 1000, authOptional: true, onMailFrom } as const;
    expect(t.newServer(given).options).toMatchObject(given);
  });

  test('server: the net.Server that does not listen yet', async (t) => {
    const { server } = t.newServer(IDENTITY);
    expect(server.listening).toBe(false);
    expect(server.address()).toBeNull();
  });

  test('connections: an empty Set before anybody has come', async (t) => {
    const { connections } = t.newServer(IDENTITY);
    expect(connections).toBeInstanceOf(Set);
    expect(connections.size).toBe(0);
  });
}

function describeListen({ test }: Contract): void {
  const path = (): string =>
    process.platform === 'win32' ? `\\\\.\\pipe\\${randomUUID()}` : join(tmpdir(), `${randomUUID()}.sock`);

  const forms: readonly (readonly [string, (server: ContractServer, listening?: () => void) => unknown])[] = [
    ['a port', (server, listening) => server.listen(0, listening)],
    ['a port and a host', (server, listening) => server.listen(0, HOST, listening)],
    ['a port, a host and a backlog', (server, listening) => server.listen(0, HOST, 10, listening)],
    ['a path', (server, listening) => server.listen(path(), listening)],
    ['options', (server, listening) => server.listen({ port: 0, host: HOST }, listening)],
  ];
  for (const [what, listen] of forms) {
    test(`listen(${what}): returns the net.Server, and calls back`, async (t) => {
      const server = t.newServer(IDENTITY);
      await new Promise<void>((resolve) => expect(listen(server, resolve)).toBe(server.server));
      expect(server.server.listening).toBe(true);
      await closed(server);
    });

    test(`listen(${what}) without a callback`, async (t) => {
      const server = t.newServer(IDENTITY);
      listen(server);
      await once(server.server, 'listening');
      await closed(server);
    });
  }

  test('listen on a path: clients are served', async (t) => {
    const socketPath = path();
    const server = t.newServer({ ...IDENTITY, disableReverseLookup: true });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const client = connect(socketPath).setEncoding('latin1');
    expect(codeOf(String((await once(client, 'data'))[0]))).toBe('220');
    await once(client.destroy(), 'close');
    await closed(server);
  });

  test('listen while it listens throws', async (t) => {
    await using served = await t.serve();
    expect(() => served.server.listen(0, HOST)).toThrow(expect.objectContaining({ code: 'ERR_SERVER_ALREADY_LISTEN' }));
  });

  test('listen on a port that is taken: the error event', async (t) => {
    await using served = await t.serve();
    const server = t.newServer(IDENTITY);
    const error = new Promise((resolve) => server.once('error', resolve));
    server.listen(served.port, HOST);
    expect(await error).toMatchObject({ code: 'EADDRINUSE', port: served.port });
  });
}
