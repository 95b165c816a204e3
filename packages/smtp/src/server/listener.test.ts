import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { POLICY, Rig } from '../testing/rig.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { WireClient } from '../testing/wire-client.ts';
import { reply } from '../wire/reply.ts';
import type { Connection } from './connection.ts';
import type { SessionHandler } from './handler.ts';
import { withResolvers } from './with-resolvers.ts';

const fail = (): never => {
  throw new Error('broken on purpose');
};

/** A handler that tells when it is asked about MAIL, and answers when it may. */
function slowAnswer() {
  const asked = withResolvers<void>();
  const answer = withResolvers<undefined>();
  const mail = (): Promise<undefined> => {
    asked.resolve();
    return answer.promise;
  };
  return { answer, asked, mail };
}

describe('how a connection ends', () => {
  test('by QUIT', async () => {
    await using rig = await Rig.start();
    await using client = await WireClient.greeted(rig.address);
    expect(await client.ask('QUIT')).toBe('221 2.0.0 Bye');
    expect(await client.end()).toBe('');
    expect(await rig.closedBy()).toBe('quit');
  });

  test('by the client, which still reads the replies to all that it said', async () => {
    await using rig = await Rig.start({ mail: async () => reply(250, null, 'after a while') });
    await using client = await WireClient.greeted(rig.address);
    client.send('EHLO client.example\r\nMAIL FROM:<a@b.example>\r\nNOOP\r\nhalf a li');
    client.socket.end();
    expect(await client.end()).toMatch(/250 after a while\r\n250 2\.0\.0 OK\r\n$/);
    expect(await rig.closedBy()).toBe('client');
  });

  test('by a reset', async () => {
    await using rig = await Rig.start();
    await using client = await WireClient.greeted(rig.address);
    client.socket.resetAndDestroy();
    expect(await rig.closedBy()).toBe('reset');
  });

  test('by a time-out, with 421, counted from the last octet', async () => {
    await using rig = await Rig.start({}, { idleTimeout: 1_000 });
    await using client = await WireClient.greeted(rig.address);
    rig.clock.advance(900);
    await client.ask('NOOP');
    rig.clock.advance(900);
    await client.ask('NOOP');
    rig.clock.advance(1_000);
    expect(await client.reply()).toBe('421 4.4.2 Nothing received for too long');
    await client.end();
    expect(await rig.closedBy()).toBe('timeout');
  });

  test('by a time-out that all connections have one timer for, which ends with the last of them', async () => {
    await using rig = await Rig.start({}, { idleTimeout: 1_000 });
    await using first = await WireClient.greeted(rig.address);
    rig.clock.advance(500);
    await using second = await WireClient.greeted(rig.address);
    expect(rig.clock.running).toBe(1);
    rig.clock.advance(500);
    expect(await first.reply()).toBe('421 4.4.2 Nothing received for too long');
    await first.end();
    expect(await rig.closedBy()).toBe('timeout');
    expect(await second.ask('NOOP')).toBe('250 2.0.0 OK');
    second.socket.resetAndDestroy();
    expect(await rig.closedBy()).toBe('reset');
    expect(rig.clock.running).toBe(0);
  });

  test('not by a time-out while the application is asked', async () => {
    const { answer, asked, mail } = slowAnswer();
    await using rig = await Rig.start({ mail }, { idleTimeout: 1_000 });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    client.send('MAIL FROM:<a@b.example>\r\n');
    await asked.promise;
    rig.clock.advance(5_000);
    answer.resolve(undefined);
    expect(await client.reply()).toMatch(/^250 /);
    rig.clock.advance(999);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test('not by a time-out for what the application took: the client has its whole time after the reply', async () => {
    const { answer, asked, mail } = slowAnswer();
    await using rig = await Rig.start({ mail }, { idleTimeout: 1_000 });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    client.send('MAIL FROM:<a@b.example>\r\n');
    await asked.promise;
    rig.clock.advance(900);
    answer.resolve(undefined);
    expect(await client.reply()).toMatch(/^250 /);
    rig.clock.advance(900);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test('by a time-out in a handshake that never comes', async () => {
    await using rig = await Rig.start({}, { idleTimeout: 1_000 });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    await client.ask('STARTTLS');
    rig.clock.advance(1_000);
    await client.end();
    expect(await rig.closedBy()).toBe('timeout');
  });

  test.each<[string, SessionHandler]>([
    ['a script', { faults: { take: ({ proposal }) => (proposal.step === 'noop' ? fail() : undefined) } }],
    ['a body', { body: fail }],
    ['a sink', { body: () => ({ write: fail, end: () => undefined, abort: () => {} }) }],
    ['what answers late', { mail: async () => undefined, body: fail }],
  ])('by %s that throws, and nothing else is hurt', async (_what, handler) => {
    await using rig = await Rig.start(handler);
    await using bystander = await WireClient.greeted(rig.address);
    await using client = await WireClient.greeted(rig.address);
    client.send(
      'EHLO client.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nx\r\n.\r\nNOOP\r\n',
    );
    await client.end();
    expect(await rig.closedBy()).toBe('server');
    expect(rig.failures).toEqual(['broken on purpose']);
    expect(await bystander.ask('HELP')).toMatch(/^214 /);
  });

  test('by a refusal in the place of the greeting', async () => {
    await using rig = await Rig.start({ connect: () => reply(554, '5.3.2', 'Not today') });
    await using client = await WireClient.connected(rig.address);
    expect(await client.reply()).toBe('554 5.3.2 Not today');
    await client.end();
    expect(await rig.closedBy()).toBe('server');
  });
});

describe('TLS', () => {
  test('by STARTTLS, verified', async () => {
    await using rig = await Rig.start();
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    await client.startTls(testCertificate.cert);
    expect(await client.ask('EHLO client.example')).toContain('AUTH PLAIN');
    const [connection] = rig.listener.connections;
    expect(connection!.tls).toMatchObject({ mode: 'starttls', version: 'TLSv1.3', servername: 'localhost' });
    expect(connection!.session).toMatchObject({ secure: true, phase: 'mail' });
  });

  test('from the first octet, verified', async () => {
    await using rig = await Rig.start({}, { implicitTls: true, policy: { ...POLICY, startTls: 'absent' } });
    const { host, port } = rig.address;
    const socket = connectTls({ host, port, ca: testCertificate.cert, servername: 'localhost' });
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    expect(String(greeting)).toBe('220 mail.example ESMTP\r\n');
    socket.destroy();
    expect(await rig.closedBy()).toMatch(/client|reset/);
  });

  test.each([
    ['garbage', 'no hello at all\r\n', /wrong version number|unknown protocol|http request/i],
    ['a client that leaves', '', /left during the TLS handshake/],
  ])('ends the session after %s, and tells why', async (_what, sent, failure) => {
    await using rig = await Rig.start({}, { implicitTls: true });
    const { host, port } = rig.address;
    const socket = connect({ host, port });
    socket.on('error', () => {});
    socket.end(sent);
    expect(await rig.closedBy()).toBe('client');
    expect(rig.handshakeFailures).toEqual([expect.stringMatching(failure)]);
  });

  test('on a port that begins in clear text ends the session, and tells why', async () => {
    await using rig = await Rig.start();
    const { host, port } = rig.address;
    const socket = connectTls({ host, port, ca: testCertificate.cert, servername: 'localhost' });
    socket.on('error', () => {});
    expect(await rig.closedBy()).toBe('server');
    expect(rig.handshakeFailures).toEqual(['the client began TLS on a port that begins in clear text']);
  });

  test('is never fed what came in clear text (CVE-2011-0411)', async () => {
    await using rig = await Rig.start();
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    const injected = 'NOOP\r\nMAIL FROM:<mallory@example.org>\r\nRC';
    client.send(`STARTTLS\r\n${injected}`);
    await client.startTlsAfterReply(testCertificate.cert);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK');
    expect(rig.discarded).toEqual([injected.length]);
  });

  test('is not fed what waited in the socket while the application was asked, either', async () => {
    const asked = withResolvers<void>();
    const answer = withResolvers<undefined>();
    await using rig = await Rig.start({ hello: () => (asked.resolve(), answer.promise) });
    await using client = await WireClient.greeted(rig.address);
    const [{ socket }] = [...rig.listener.connections] as [Connection];
    client.send('EHLO client.example\r\n');
    await asked.promise;
    const paused = once(socket, 'pause');
    client.send('STARTTLS\r\n');
    await paused;
    const injected = 'MAIL FROM:<mallory@example.org>\r\n';
    client.send(injected);
    await vi.waitUntil(() => socket.readableLength === injected.length, { interval: 1 });
    answer.resolve(undefined);
    await client.reply();
    await client.startTlsAfterReply(testCertificate.cert);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 OK');
    expect(rig.discarded).toEqual([injected.length]);
  });

  test('whose handshake the server itself cuts off has not failed', async () => {
    await using rig = await Rig.start({}, { implicitTls: true });
    const accepted = once(rig.listener.server, 'connection');
    await using _client = await WireClient.connected(rig.address);
    await accepted;
    await rig.listener.stop();
    expect(await rig.closedBy()).toBe('server');
    expect(rig.handshakeFailures).toEqual([]);
  });
});

describe('bounds', () => {
  test('a connection more than allowed gets 421', async () => {
    await using rig = await Rig.start({}, { maxConnections: 1 });
    await using first = await WireClient.greeted(rig.address);
    await using second = await WireClient.connected(rig.address);
    expect(await second.reply()).toMatch(/^421 /);
    await second.end();
    expect(await first.ask('NOOP')).toMatch(/^250 /);
    expect(rig.listener.connections.size).toBe(1);
  });

  test('a line without an end gets 421', async () => {
    await using rig = await Rig.start({}, { commandLineLimit: 100 });
    await using client = await WireClient.greeted(rig.address);
    client.send('x'.repeat(101));
    expect(await client.reply()).toBe('421 4.5.2 Line too long');
    await client.end();
  });

  test('a client that reads no replies is read no further', async () => {
    await using rig = await Rig.start();
    const accepted = once(rig.listener.server, 'connection') as Promise<[Socket]>;
    await using client = await WireClient.greeted(rig.address);
    const [socket] = await accepted;
    client.socket.pause();
    const burst = Buffer.from('HELP\r\n'.repeat(1_000_000));
    for (let count = 0; count < 10; count++) client.send(burst);
    await once(socket, 'pause');
    expect(socket.bytesRead).toBeLessThan(burst.length * 10);
    client.socket.resume();
    await once(socket, 'resume');
  });
});

describe('close()', () => {
  test('sends 421 to idle sessions at once, and lets a body come to its end', async () => {
    await using rig = await Rig.start();
    await using idle = await WireClient.greeted(rig.address);
    await using sending = await WireClient.greeted(rig.address);
    for (const line of ['EHLO client.example', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA']) {
      await sending.ask(line);
    }
    const closed = rig.listener.close(30_000);
    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /);
    sending.send('body\r\n.\r\n');
    expect(await sending.reply()).toMatch(/^250 /);
    expect(await sending.reply()).toMatch(/^421 /);
    await closed;
    expect(rig.listener.server.listening).toBe(false);
  });

  test('answers every further command 421, and cuts who does not end in time', async () => {
    await using rig = await Rig.start();
    await using between = await WireClient.greeted(rig.address);
    await using silent = await WireClient.greeted(rig.address);
    for (const client of [between, silent]) {
      await client.ask('EHLO client.example');
      await client.ask('MAIL FROM:<a@b.example>');
    }
    const closed = rig.listener.close(30_000);
    expect(await between.ask('RCPT TO:<c@d.example>')).toMatch(/^421 /);
    rig.clock.advance(30_000);
    await closed;
    await silent.end();
  });

  test('does not wait longer for a client that reads no replies', async () => {
    await using rig = await Rig.start();
    await using client = await WireClient.greeted(rig.address);
    const [{ socket }] = [...rig.listener.connections] as [Connection];
    client.socket.pause();
    const burst = 'HELP\r\n'.repeat(1_000_000);
    for (let count = 0; count < 10; count++) client.send(burst);
    await once(socket, 'pause');
    const closed = rig.listener.close(100);
    rig.clock.advance(100);
    await closed;
  });

  test('ends a listen() that has not come to its end', async () => {
    await using rig = await Rig.start();
    await rig.listener.close(0);
    const { host, port } = rig.address;
    const listening = rig.listener.listen({ host, port });
    await rig.listener.stop();
    await expect(listening).rejects.toThrow('closed before it could listen');
    expect(rig.listener.server.listening).toBe(false);
    await rig.listener.listen({ host, port });
    await using client = await WireClient.greeted(rig.address);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test('leaves a listener that can listen again', async () => {
    await using rig = await Rig.start();
    await rig.listener.close(0);
    const { port } = await rig.listener.listen({ host: '127.0.0.1', port: rig.address.port });
    await using client = await WireClient.greeted({ host: '127.0.0.1', port });
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });
});
