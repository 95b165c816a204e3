// close(), and what becomes of those who are connected.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { closed } from './closed.ts';
import { codeOf, codes, EHLO, ENVELOPE, MAIL } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import { HOST, IDENTITY } from './served-server.ts';

/** Longer than a case may last. */
const NEVER = 600_000;
/** For those that are in mid-message. */
const SOON = 200;

export function describeClose(contract: Contract): void {
  describeCallback(contract);
  describeClients(contract);
  describeMidDialogue(contract);
}

function describeCallback({ test }: Contract): void {
  test('close(cb): calls back without arguments, and stops to listen', async (t) => {
    const served = await t.serve();
    const args = await new Promise<unknown[]>((resolve) =>
      served.server.close((...given: unknown[]) => resolve(given)),
    );
    expect(args.filter((arg) => arg !== undefined)).toEqual([]);
    expect(served.server.server.listening).toBe(false);
  });

  test('close(): needs no callback, and the close event tells', async (t) => {
    const { server } = await t.serve();
    const event = new Promise<void>((resolve) => server.once('close', resolve));
    server.close();
    await event;
  });

  test('close(cb): calls back without having listened, and when closed already', async (t) => {
    const server = t.newServer(IDENTITY);
    await closed(server);
    await once(server.listen(0, HOST), 'listening');
    await closed(server);
    await closed(server);
  });

  test('close(cb) twice at once: both call back, and the close event comes once', async (t) => {
    const { server } = await t.serve();
    let events = 0;
    server.on('close', () => events++);
    await Promise.all([closed(server), closed(server)]);
    expect(events).toBe(1);
  });

  test('close(): nobody can connect any more', async (t) => {
    await using served = await t.serve({ closeTimeout: NEVER });
    await using client = await served.client();
    served.server.close();
    const late = connect(served.port, HOST);
    const [error] = await once(late, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    client.socket.destroy();
  });

  test('listen() after close(): clients are served, and their commands too', async (t) => {
    await using served = await t.serve();
    const { server } = served;
    await closed(server);
    await once(server.listen(served.port, HOST), 'listening');
    expect(await codes(await served.client(), EHLO, MAIL)).toEqual(['250', '250']);
  });
}

function describeClients({ test }: Contract): void {
  test('close(): an idle client gets 421, is cut off, and then close calls back', async (t) => {
    await using served = await t.serve({ closeTimeout: SOON });
    const client = await served.client(EHLO);
    const done = closed(served.server);
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
    await done;
  });

  test('close(): an idle client gets its 421 at once', async (t) => {
    await using served = await t.serve({ closeTimeout: NEVER });
    const client = await served.client(EHLO);
    const done = closed(served.server);
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
    await done;
  });

  for (const [what, lines, next] of [
    ['the greeting', [], 'NOOP'],
    ['EHLO', [EHLO], MAIL],
    ['RCPT', ENVELOPE, 'DATA'],
  ] as const) {
    test(`close(): the first command after it is answered 421, after ${what}`, async (t) => {
      await using served = await t.serve({ closeTimeout: NEVER });
      const client = await served.client(...lines);
      const done = closed(served.server);
      expect(await codes(client, next)).toEqual(['421']);
      expect(await client.end()).toBe('');
      await done;
    });
  }

  test('close(): calls back when its clients have left by themselves', async (t) => {
    await using served = await t.serve({ closeTimeout: NEVER });
    const client = await served.client(...ENVELOPE, 'DATA');
    const done = closed(served.server);
    client.socket.destroy();
    await done;
  });

  test('close(): no callback before the clients are gone', async (t) => {
    await using served = await t.serve({ closeTimeout: SOON });
    const client = await served.client(...ENVELOPE, 'DATA');
    let gone = false;
    const end = client.end().then(() => (gone = true));
    await closed(served.server);
    await end;
    expect(gone).toBe(true);
    expect(served.server.connections.size).toBe(0);
  });

  test('close(): calls back after onClose', async (t) => {
    const order: string[] = [];
    await using served = await t.serve({ closeTimeout: SOON, onClose: () => void order.push('onClose') });
    const client = await served.client(EHLO);
    const done = closed(served.server).then(() => order.push('closed'));
    await client.end();
    await done;
    expect(order).toEqual(['onClose', 'closed']);
  });
}

function describeMidDialogue({ test }: Contract): void {
  test('close(): a message that is coming in may come to its end', async (t) => {
    await using served = await t.serve({ closeTimeout: SOON * 5 });
    const client = await served.client(...ENVELOPE, 'DATA');
    const done = closed(served.server);
    client.send('Hello\r\n.\r\n');
    expect(codeOf(await client.reply())).toBe('250');
    expect(codeOf(await client.reply())).toBe('421');
    expect(await client.end()).toBe('');
    await done;
  });

  test('close(): a message that does not end within closeTimeout is cut off', async (t) => {
    const failed = withResolvers<Error>();
    await using served = await t.serve({
      closeTimeout: SOON,
      onData: (stream) => void stream.resume().once('error', failed.resolve),
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send('Hello\r\n');
    await closed(served.server);
    expect(await client.end()).toMatch(/^(421 .*\r\n)?$/);
    expect(await failed.promise).toBeInstanceOf(Error);
  });

  for (const [what, closeTimeout] of [
    ['may answer', SOON * 5],
    ['answers, and its client gets 421 at once', NEVER],
  ] as const) {
    test(`close(): a handler that is asked ${what}`, async (t) => {
      const asked = withResolvers<() => void>();
      await using served = await t.serve({
        closeTimeout,
        onMailFrom: (_address, _session, callback) => asked.resolve(callback),
      });
      const client = await served.client(EHLO);
      client.send(`${MAIL}\r\n`);
      const accept = await asked.promise;
      const done = closed(served.server);
      accept();
      expect([codeOf(await client.reply()), codeOf(await client.reply())]).toEqual(['250', '421']);
      expect(await client.end()).toBe('');
      await done;
    });
  }

  test('close(): does not wait for a PROXY header', async (t) => {
    await using served = await t.serve({ useProxy: true, closeTimeout: NEVER });
    const accepted = once(served.server.server, 'connection');
    const client = await served.connected();
    await accepted;
    await closed(served.server);
    expect(await client.end()).toBe('');
  });

  test('close(): does not wait for a handshake of implicit TLS', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true, closeTimeout: NEVER });
    const accepted = once(served.server.server, 'connection');
    const client = await served.connected();
    await accepted;
    await closed(served.server);
    expect(await client.end()).toBe('');
  });

  test('close(): cuts a handshake of STARTTLS off', async (t) => {
    await using served = await t.serve({ ...IDENTITY, closeTimeout: SOON });
    const client = await served.client(EHLO, 'STARTTLS');
    await closed(served.server);
    await client.end();
  });
}
