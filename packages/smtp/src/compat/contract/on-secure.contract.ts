// onSecure, after each handshake.
import { once } from 'node:events';
import { TLSSocket } from 'node:tls';
import { expect } from 'vitest';
import { EHLO, say } from './contract-client.ts';
import { refusal } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import { handshake, isServed, readReply, TLS_MODES, tlsOptions, tlsView } from './tls-client.ts';

export function describeOnSecure({ test }: Contract): void {
  for (const mode of TLS_MODES) {
    test(`onSecure, ${mode}: called after the handshake, with its socket and the session`, async (t) => {
      const calls: unknown[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        onSecure(socket, session, callback) {
          const { remotePort } = socket;
          calls.push([socket instanceof TLSSocket, remotePort, tlsView(session), session.remotePort]);
          callback();
        },
      });
      const socket = await handshake(served, mode);
      const port = socket.localPort;
      expect(await isServed(socket)).toBe(true);
      const view = { secure: true, servername: 'localhost', tlsOptions: { name: socket.getCipher().name } };
      expect(calls).toMatchObject([[true, port, view, port]]);
    });

    for (const [code, error] of [
      ['554', refusal('Not so')],
      ['454', refusal('Not so', 454)],
      ['421', refusal('Not so', 421)],
    ] as const) {
      test(`onSecure, ${mode}: an error with ${code} is told, and the connection closed`, async (t) => {
        await using served = await t.serve({
          ...tlsOptions(mode),
          onSecure: (_socket, _session, callback) => callback(error),
        });
        const socket = await handshake(served, mode);
        expect(await readReply(socket)).toBe(`${code} Not so\r\n`);
        if (!socket.destroyed) await once(socket.resume(), 'close');
      });
    }

    test(`onSecure, ${mode}: an exception ends the connection, and nothing else`, async (t) => {
      await using served = await t.serve({
        ...tlsOptions(mode),
        onSecure(_socket, _session, _callback) {
          throw new Error('Out of order');
        },
      });
      const socket = await handshake(served, mode);
      expect(await readReply(socket)).toMatch(/^(4\d\d .*\r\n)?$/);
      if (!socket.destroyed) await once(socket.resume(), 'close');
    });

    test(`onSecure, ${mode}: nothing is answered before it has`, async (t) => {
      const order: string[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        onSecure(_socket, _session, callback) {
          setImmediate(() => {
            order.push('onSecure');
            callback();
          });
        },
      });
      const socket = await handshake(served, mode);
      await readReply(socket);
      order.push('reply');
      expect(order).toEqual(['onSecure', 'reply']);
    });
  }

  test('onSecure comes after onConnect and before the connect event, with secure', async (t) => {
    const order: string[] = [];
    await using served = await t.serve({
      ...tlsOptions('implicit TLS'),
      onConnect(_session, callback) {
        order.push('onConnect');
        callback();
      },
      onSecure(_socket, _session, callback) {
        order.push('onSecure');
        callback();
      },
    });
    served.server.on('connect', () => order.push('connect'));
    await readReply(await handshake(served, 'implicit TLS'));
    expect(order).toEqual(['onConnect', 'onSecure', 'connect']);
  });

  test('onSecure is not called in clear text', async (t) => {
    let calls = 0;
    await using served = await t.serve({
      ...IDENTITY,
      onSecure(_socket, _session, callback) {
        calls++;
        callback();
      },
    });
    await say(await served.client(), EHLO, 'QUIT');
    expect(calls).toBe(0);
  });
}
