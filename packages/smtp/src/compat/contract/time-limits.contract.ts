// socketTimeout, in every phase of a connection.
import { once } from 'node:events';
import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { codeOf, EHLO, ENVELOPE } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import { nextError } from './tls-client.ts';

/** Longer than the steps before it take, and than the delay that smtp-server makes before its greeting. */
const socketTimeout = 300;
const PROXY = 'PROXY TCP4 192.0.2.1 192.0.2.2 1234 25\r\n';

export function describeTimeLimits(contract: Contract): void {
  describeCommands(contract);
  describeMessages(contract);
  describeHandshakes(contract);
}

function describeCommands({ test }: Contract): void {
  const phases: readonly (readonly [string, ContractOptions, readonly string[], string])[] = [
    ['after the greeting', {}, [], ''],
    ['after EHLO', {}, [EHLO], ''],
    ['in a transaction', {}, ENVELOPE, ''],
    ['in mid-line', {}, [EHLO], 'NOO'],
    ['in an exchange of AUTH', { allowInsecureAuth: true }, [EHLO, 'AUTH LOGIN'], ''],
    ['where XCLIENT may come', { useXClient: true }, [], ''],
  ];
  for (const [when, options, lines, rest] of phases) {
    test(`socketTimeout ${when}: 421, the connection is closed, and onClose called`, async (t) => {
      const gone = withResolvers<void>();
      await using served = await t.serve({ socketTimeout, ...options, onClose: () => gone.resolve() });
      const client = await served.client(...lines);
      client.send(rest);
      expect(codeOf(await client.reply())).toBe('421');
      expect(await client.end()).toBe('');
      await gone.promise;
    });
  }

  test('socketTimeout under TLS: 421, and the connection is closed', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true, socketTimeout });
    const client = await served.secured();
    expect(codeOf(await client.reply())).toBe('220');
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
  });

  test('socketTimeout after STARTTLS: 421 under TLS, and the connection is closed', async (t) => {
    await using served = await t.serve({ ...IDENTITY, socketTimeout });
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
  });

  test('socketTimeout: commands keep a session alive', async (t) => {
    await using served = await t.serve({ socketTimeout: socketTimeout * 5 });
    const client = await served.client(EHLO);
    for await (const _tick of ticks(t)) expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test('socketTimeout while onConnect is asked: 421', async (t) => {
    await using served = await t.serve({ socketTimeout, onConnect: (_session, _callback) => {} });
    const client = await served.connected();
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
  });

  test('socketTimeout is no error of the server', async (t) => {
    await using served = await t.serve({ socketTimeout });
    await (await served.client(EHLO)).end();
    expect(served.errors).toEqual([]);
  });
}

function describeMessages({ test }: Contract): void {
  test('socketTimeout in mid-message: 421, and the stream fails', async (t) => {
    const failed = withResolvers<Error>();
    const gone = withResolvers<void>();
    await using served = await t.serve({
      socketTimeout,
      onData: (stream) => void stream.resume().once('error', failed.resolve),
      onClose: () => gone.resolve(),
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send('Subject: Hello\r\n');
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
    expect(await failed.promise).toBeInstanceOf(Error);
    await gone.promise;
  });

  test('socketTimeout before the first octet of a message: 421', async (t) => {
    await using served = await t.serve({ socketTimeout });
    const client = await served.client(...ENVELOPE, 'DATA');
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
  });

  test('socketTimeout: a message that keeps coming keeps the session alive', async (t) => {
    await using served = await t.serve({ socketTimeout: socketTimeout * 5 });
    const client = await served.client(...ENVELOPE, 'DATA');
    for await (const _tick of ticks(t)) client.send('Hello\r\n');
    expect(codeOf(await client.ask('.'))).toBe('250');
  });
}

function describeHandshakes({ test }: Contract): void {
  for (const [what, hello] of [
    ['that never begins', []],
    ['that stops in the middle', [0x16, 3, 1]],
  ] as const) {
    test(`socketTimeout: a handshake ${what}: closed, and told as error`, async (t) => {
      await using served = await t.serve({ ...IDENTITY, secure: true, socketTimeout });
      const error = nextError(served.server);
      const client = await served.connected();
      client.send(Buffer.from(hello));
      expect(await client.end()).toBe('');
      expect(await error).toMatchObject({ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
    });

    test(`socketTimeout: a handshake of STARTTLS ${what}: closed`, async (t) => {
      const gone = withResolvers<void>();
      await using served = await t.serve({ ...IDENTITY, socketTimeout, onClose: () => gone.resolve() });
      const client = await served.client(EHLO, 'STARTTLS');
      client.send(Buffer.from(hello));
      expect(await client.end()).toBe('');
      await gone.promise;
    });
  }

  for (const [what, header] of [
    ['never comes', ''],
    ['stops in the middle', 'PROXY TCP4 192.0.2.1 '],
  ] as const) {
    test(`socketTimeout: a PROXY header that ${what}: closed`, async (t) => {
      await using served = await t.serve({ useProxy: true, socketTimeout });
      const client = await served.connected();
      client.send(header);
      expect(await client.end()).not.toMatch(/^220/);
      expect(served.server.connections.size).toBe(0);
    });
  }

  for (const needsUpgrade of [false, true]) {
    test(`socketTimeout: a handshake after a PROXY header, needsUpgrade ${needsUpgrade}: closed`, async (t) => {
      await using served = await t.serve({ ...IDENTITY, secure: true, useProxy: true, needsUpgrade, socketTimeout });
      const accepted = once(served.server.server, 'connection');
      const client = await served.connected();
      client.send(PROXY);
      expect(await client.end()).toBe('');
      const [socket] = await accepted;
      if (!socket.closed) await once(socket, 'close');
    });
  }
}

/** Longer altogether than the limits above, but not one by one: what clients wait for that say nothing. */
async function* ticks(t: ContractCase): AsyncGenerator<void> {
  await using clock = await t.serve({ socketTimeout });
  for (let count = 0; count < 6; count++) {
    await (await clock.client()).end();
    yield;
  }
}
