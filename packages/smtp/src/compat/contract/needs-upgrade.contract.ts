// Sockets that somebody else has accepted, in clear text or under TLS.
import { connect } from 'node:net';
import { TLSSocket, createServer as createTlsServer } from 'node:tls';
import { expect } from 'vitest';
import { EHLO, extensionsOf } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { FrontServer } from './front-server.ts';
import { HOST, IDENTITY } from './served-server.ts';
import { handshake, isServed, nextError, readReply, tlsView } from './tls-client.ts';

export function describeNeedsUpgrade({ test }: Contract): void {
  test('needsUpgrade: connect(socket) does the handshake that the front has not done', async (t) => {
    await using front = await FrontServer.of(t, { ...IDENTITY, secure: true, needsUpgrade: true });
    const socket = await front.handshake();
    expect(socket.authorized).toBe(true);
    expect(await readReply(socket)).toMatch(/^220 /);
    socket.write(`${EHLO}\r\n`);
    expect(extensionsOf(await readReply(socket))).not.toContain('STARTTLS');
  });

  test('needsUpgrade: the session of connect(socket) is secure', async (t) => {
    const views: unknown[] = [];
    await using front = await FrontServer.of(t, {
      ...IDENTITY,
      secure: true,
      needsUpgrade: true,
      onConnect(session, callback) {
        views.push(tlsView(session));
        callback();
      },
    });
    await readReply(await front.handshake());
    expect(views).toMatchObject([{ secure: true, servername: 'localhost' }]);
  });

  test('needsUpgrade: onSecure is called once', async (t) => {
    let calls = 0;
    await using front = await FrontServer.of(t, {
      ...IDENTITY,
      secure: true,
      needsUpgrade: true,
      onSecure(_socket, _session, callback) {
        calls++;
        callback();
      },
    });
    await readReply(await front.handshake());
    expect(calls).toBe(1);
  });

  test('needsUpgrade: a handshake that fails is told as error', async (t) => {
    await using front = await FrontServer.of(t, { ...IDENTITY, secure: true, needsUpgrade: true });
    const error = nextError(front.server);
    const socket = connect(front.port, HOST).on('error', () => {});
    socket.end('EHLO client.example\r\n');
    expect(await error).toBeInstanceOf(Error);
  });

  test('needsUpgrade: a server that listens does the handshake at once', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true, needsUpgrade: true });
    expect(await isServed(await handshake(served, 'implicit TLS'))).toBe(true);
  });

  test('connect(socket) with a socket that is under TLS already: no second handshake', async (t) => {
    const views: unknown[] = [];
    const options: ContractOptions = {
      ...IDENTITY,
      secure: true,
      onSecure(socket, session, callback) {
        views.push(socket instanceof TLSSocket, tlsView(session));
        callback();
      },
    };
    await using front = await FrontServer.of(t, options, undefined, createTlsServer(IDENTITY));
    const socket = await front.handshake();
    expect(await readReply(socket)).toMatch(/^220 /);
    expect(views).toMatchObject([true, { secure: true, servername: 'localhost' }]);
  });
}
