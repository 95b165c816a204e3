// STARTTLS, RFC 3207: from clear text to TLS, and what is forgotten on the way.
import type { TLSSocket } from 'node:tls';
import { expect } from 'vitest';
import { logIn, PLAIN } from './auth-client.ts';
import { codes, EHLO, ENVELOPE, extensionsOf, MAIL, RCPT, say } from './contract-client.ts';
import type { ContractSession } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import { tlsView } from './tls-client.ts';

export function describeStartTls({ test }: Contract): void {
  test('STARTTLS is listed in clear text, and no longer under TLS', async (t) => {
    await using served = await t.serve(IDENTITY);
    const client = await served.client();
    expect(extensionsOf(await client.ask(EHLO))).toContain('STARTTLS');
    await client.startTls(served.ca);
    expect(extensionsOf(await client.ask(EHLO))).not.toContain('STARTTLS');
  });

  for (const opening of [[], [EHLO], ['HELO client.example']]) {
    test(`STARTTLS after ${opening[0] ?? 'the greeting'}: 220, and the handshake follows`, async (t) => {
      await using served = await t.serve(IDENTITY);
      const client = await served.client(...opening);
      client.send('STARTTLS\r\n');
      await client.startTlsAfterReply(served.ca);
      expect(client.socket).toMatchObject({ authorized: true });
      expect(await codes(client, EHLO, MAIL)).toEqual(['250', '250']);
    });
  }

  test('STARTTLS answers 220 in clear text', async (t) => {
    await using served = await t.serve(IDENTITY);
    expect(await codes(await served.client(EHLO), 'STARTTLS')).toEqual(['220']);
  });

  test('STARTTLS with a parameter: 501, and the session goes on in clear text', async (t) => {
    await using served = await t.serve(IDENTITY);
    const client = await served.client(EHLO);
    expect(await codes(client, 'STARTTLS now', MAIL)).toEqual(['501', '250']);
  });

  test('STARTTLS twice: 503, and the session goes on under TLS', async (t) => {
    await using served = await t.serve(IDENTITY);
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    expect(await codes(client, EHLO, 'STARTTLS', MAIL)).toEqual(['250', '503', '250']);
  });

  test('STARTTLS in a transaction: 220, and the transaction is forgotten', async (t) => {
    const transactions: number[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      onMailFrom(_address, session, callback) {
        transactions.push(session.transaction);
        callback();
      },
    });
    const client = await served.client(...ENVELOPE);
    await client.startTls(served.ca);
    expect(await codes(client, EHLO, RCPT, 'DATA', MAIL)).toEqual(['250', '503', '503', '250']);
    expect(transactions).toEqual([1, 1]);
  });

  test('after STARTTLS the client must say EHLO anew: MAIL, RCPT, DATA and AUTH 503', async (t) => {
    await using served = await t.serve(IDENTITY);
    const client = await served.client(...ENVELOPE);
    await client.startTls(served.ca);
    expect(await codes(client, MAIL, RCPT, 'DATA', PLAIN)).toEqual(['503', '503', '503', '503']);
  });

  test('after STARTTLS the name and the verb of the first EHLO are forgotten', async (t) => {
    const seen: unknown[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      onSecure(_socket, { hostNameAppearsAs, openingCommand }, callback) {
        seen.push(hostNameAppearsAs, openingCommand);
        callback();
      },
      onMailFrom(_address, { hostNameAppearsAs, openingCommand }, callback) {
        seen.push(hostNameAppearsAs, openingCommand);
        callback();
      },
    });
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    await say(client, 'HELO other.example', MAIL);
    expect(seen).toEqual([false, false, 'other.example', 'HELO']);
  });

  test('after STARTTLS the user is forgotten, and may log in again', async (t) => {
    const users: unknown[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(auth, session, callback) {
        users.push(session.user);
        callback(null, { user: auth.username });
      },
    });
    const client = await served.client(EHLO, PLAIN);
    await client.startTls(served.ca);
    expect(await codes(client, EHLO, MAIL, PLAIN, MAIL)).toEqual(['250', '530', '235', '250']);
    expect(users.map(Boolean)).toEqual([false, false]);
  });

  for (const [what, pipelined] of [
    ['commands', `${MAIL}\r\nNOOP\r\n`],
    ['AUTH', `${EHLO}\r\n${PLAIN}\r\n`],
    ['half a command', 'MAIL FROM:<ann'],
  ] as const) {
    test(`STARTTLS: ${what} pipelined behind it in clear text: neither answered nor remembered`, async (t) => {
      const asked: string[] = [];
      await using served = await t.serve({
        ...IDENTITY,
        allowInsecureAuth: true,
        onMailFrom(_address, _session, callback) {
          asked.push('onMailFrom');
          callback();
        },
        onAuth(_auth, _session, callback) {
          asked.push('onAuth');
          callback(null, { user: 'ann' });
        },
      });
      const client = await served.client(EHLO);
      client.send(`STARTTLS\r\n${pipelined}`);
      await client.startTlsAfterReply(served.ca);
      expect(await codes(client, EHLO, RCPT)).toEqual(['250', '503']);
      expect(asked).toEqual([]);
    });
  }

  test('hideSTARTTLS: not listed, and works', async (t) => {
    await using served = await t.serve({ ...IDENTITY, hideSTARTTLS: true });
    const client = await served.client();
    expect(extensionsOf(await client.ask(EHLO))).not.toContain('STARTTLS');
    await client.startTls(served.ca);
    expect(await codes(client, EHLO, MAIL)).toEqual(['250', '250']);
  });

  test('hideSTARTTLS: not demanded either, neither for MAIL nor for AUTH', async (t) => {
    await using served = await t.serve({
      ...IDENTITY,
      hideSTARTTLS: true,
      onAuth: logIn,
    });
    expect(await codes(await served.client(EHLO), PLAIN, MAIL)).toEqual(['235', '250']);
  });

  for (const disabledCommands of ['STARTTLS', ['starttls']]) {
    test(`disabledCommands: ${JSON.stringify(disabledCommands)}: not listed, 500`, async (t) => {
      await using served = await t.serve({ ...IDENTITY, disabledCommands });
      const client = await served.client();
      expect(extensionsOf(await client.ask(EHLO))).not.toContain('STARTTLS');
      expect(await codes(client, 'STARTTLS', MAIL)).toEqual(['500', '250']);
    });
  }

  test('STARTTLS changes secure, transmissionType, tlsOptions and servername of the session', async (t) => {
    const views: unknown[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      onMailFrom: (_address, session, callback) => seen(session) ?? callback(),
    });
    const seen = (session: ContractSession): void => void views.push(tlsView(session));
    const client = await served.client(EHLO, MAIL);
    await client.startTls(served.ca);
    await say(client, EHLO, MAIL);
    const { name, version } = (client.socket as TLSSocket).getCipher();
    expect(views).toEqual([
      { secure: false, transmissionType: 'ESMTP', tlsOptions: false, servername: undefined },
      {
        secure: true,
        transmissionType: 'ESMTPS',
        tlsOptions: expect.objectContaining({ name, version }),
        servername: 'localhost',
      },
    ]);
  });
}
