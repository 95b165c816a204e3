// Handshakes that fail: they end their connection, and nothing else.
import { once } from 'node:events';
import { expect } from 'vitest';
import { WireClient } from '../../testing/wire-client.ts';
import { closed } from './closed.ts';
import { EHLO } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import { HOST, type ServedServer } from './served-server.ts';
import { handshake, nextError, reaches, TLS_MODES, TLS_VERSIONS, tlsOptions, type TlsMode } from './tls-client.ts';

export function describeTlsFailures({ test }: Contract): void {
  for (const mode of TLS_MODES) {
    const clear = async (served: ServedServer) =>
      mode === 'STARTTLS' ? await served.client(EHLO, 'STARTTLS') : await served.connected();

    test(`a handshake that fails is told as error, with its code, and ends the connection, ${mode}`, async (t) => {
      await using served = await t.serve(tlsOptions(mode));
      const error = nextError(served.server);
      const client = await clear(served);
      client.send('NOOP\r\n');
      expect(await client.end()).not.toMatch(/250/);
      expect(await error).toMatchObject({ code: expect.stringMatching(/^ERR_SSL_/) });
      await isServedStill(served, mode);
    });

    test(`a handshake that fails is told once, ${mode}`, async (t) => {
      await using served = await t.serve(tlsOptions(mode));
      const client = await clear(served);
      client.send('NOOP\r\n');
      await client.end();
      await isServedStill(served, mode);
      expect(served.errors).toHaveLength(1);
    });

    test(`a handshake that fails tells what it was: protocol, stage and the remote address, ${mode}`, async (t) => {
      await using served = await t.serve(tlsOptions(mode));
      const error = nextError(served.server);
      const client = await clear(served);
      client.send('NOOP\r\n');
      const { meta, remoteAddress } = (await error) as { meta?: Record<string, unknown>; remoteAddress?: string };
      expect(meta).toMatchObject({ protocol: 'smtp', stage: 'connect' });
      expect(meta?.['remoteAddress'] ?? remoteAddress).toBe(HOST);
      await client.end();
    });

    for (const [how, leave] of [
      ['leaves', 'destroy'],
      ['resets', 'resetAndDestroy'],
    ] as const) {
      test(`a client that ${how} in mid-handshake harms nobody, ${mode}`, async (t) => {
        await using served = await t.serve(tlsOptions(mode));
        const accepted = once(served.server.server, 'connection');
        const client = await clear(served);
        const [socket] = await accepted;
        client.send(Buffer.from([0x16, 3, 1, 0, 100, 1]));
        client.socket[leave]();
        if (!socket.destroyed) await once(socket, 'close');
        await isServedStill(served, mode);
        expect(served.server.connections.size).toBe(1);
      });
    }

    test(`a client that does not trust the certificate harms nobody, ${mode}`, async (t) => {
      await using served = await t.serve(tlsOptions(mode));
      for (const maxVersion of TLS_VERSIONS)
        await expect(handshake(served, mode, { maxVersion, ca: [] })).rejects.toThrow(/self-signed/);
      await isServedStill(served, mode);
    });

    test(`a handshake that fails ends the session: ${mode === 'STARTTLS' ? 'onClose once' : 'there was none'}, ${mode}`, async (t) => {
      const calls: string[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        onConnect(_session, callback) {
          calls.push('onConnect');
          callback();
        },
        onSecure(_socket, _session, callback) {
          calls.push('onSecure');
          callback();
        },
        onClose: () => void calls.push('onClose'),
      });
      const client = await clear(served);
      client.send('NOOP\r\n');
      await client.end();
      await closed(served.server);
      expect(calls).toEqual(mode === 'STARTTLS' ? ['onConnect', 'onClose'] : []);
    });

    test(`a handshake that fails needs no listener for error, ${mode}`, async (t) => {
      const server = t.newServer({ ...tlsOptions(mode), disableReverseLookup: true, logger: false });
      await once(server.listen(0, HOST), 'listening');
      const accepted = once(server.server, 'connection');
      const { port } = server.server.address() as { port: number };
      const client = await WireClient.connected({ host: HOST, port });
      if (mode === 'STARTTLS') {
        await client.reply();
        await client.ask('STARTTLS');
      }
      await accepted;
      client.send('NOOP\r\n');
      await client.end();
      await closed(server);
    });
  }
}

async function isServedStill(served: ServedServer, mode: TlsMode): Promise<void> {
  expect(await reaches(served, mode)).toBe(true);
}
