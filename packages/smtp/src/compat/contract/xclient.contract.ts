// XCLIENT: the session starts anew, on behalf of somebody else.
import { expect } from 'vitest';
import { logIn, PLAIN } from './auth-client.ts';
import { codeOf, codes, deliver, ENVELOPE, extensionsOf, MAIL, say } from './contract-client.ts';
import { refusal, type ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { ATTRIBUTES, EHLO, listed, serveRecorded, trusting } from './proxy-client.ts';
import { HOST, IDENTITY } from './served-server.ts';

export function describeXClient(contract: Contract): void {
  describeReset(contract);
  describeOnce(contract);
  describeLogin(contract);
  describeDestination(contract);
}

function describeReset({ test }: Contract): void {
  for (const attribute of ['ADDR=192.0.2.1', 'NAME=client.example', 'HELO=client.example']) {
    test(`XCLIENT: the session starts anew: ${attribute}`, async (t) => {
      await using served = await t.serve(trusting('XCLIENT', true));
      const client = await served.client(EHLO);
      expect(await codes(client, `XCLIENT ${attribute}`, MAIL, EHLO, MAIL)).toEqual(['220', '503', '250', '250']);
    });

    test(`XCLIENT: the user is forgotten: ${attribute}`, async (t) => {
      await using served = await t.serve({
        ...trusting('XCLIENT', true),
        authOptional: false,
        onAuth: logIn,
      });
      const client = await served.client(EHLO, PLAIN);
      expect(await codes(client, `XCLIENT ${attribute}`, EHLO, MAIL, PLAIN, MAIL)).toEqual([
        '220',
        '250',
        '530',
        '235',
        '250',
      ]);
    });
  }

  test('XCLIENT: the greeting, with name and banner', async (t) => {
    await using served = await t.serve({ ...trusting('XCLIENT', true), name: 'mx.example.org', banner: 'Welcome' });
    const client = await served.connected();
    const greeting = await client.reply();
    expect(greeting).toMatch(/^220 mx\.example\.org .*Welcome$/);
    expect(await client.ask('XCLIENT NAME=client.example')).toBe(greeting);
  });

  test('XCLIENT: the greeting of LMTP', async (t) => {
    await using served = await t.serve({ ...trusting('XCLIENT', true), lmtp: true });
    const client = await served.client('LHLO proxy.example');
    expect(await client.ask('XCLIENT ADDR=192.0.2.1')).toMatch(/^220 .*LMTP/);
    expect(await codes(client, MAIL, 'LHLO client.example', MAIL)).toEqual(['503', '250', '250']);
  });

  test('XCLIENT: the names are those of the new EHLO', async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting('XCLIENT', true));
    await using _served = served;
    const client = await served.client(EHLO, ...ENVELOPE.slice(1));
    await deliver(client);
    await say(client, 'XCLIENT ADDR=192.0.2.1', 'HELO client.example', MAIL);
    expect(sessions.at(-1)).toMatchObject({
      hostNameAppearsAs: 'client.example',
      openingCommand: 'HELO',
      transmissionType: 'SMTP',
    });
  });

  test('XCLIENT: commands pipelined behind it are answered in order', async (t) => {
    await using served = await t.serve(trusting('XCLIENT', true));
    const client = await served.client(EHLO);
    client.send(`XCLIENT ADDR=192.0.2.1\r\n${EHLO}\r\n${MAIL}\r\n`);
    expect([await client.reply(), await client.reply(), await client.reply()].map(codeOf)).toEqual([
      '220',
      '250',
      '250',
    ]);
  });

  test('XCLIENT: the session stays under TLS', async (t) => {
    const { served, sessions } = await serveRecorded(t, { ...IDENTITY, ...trusting('XCLIENT', true) });
    await using _served = served;
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    await say(client, EHLO, 'XCLIENT ADDR=192.0.2.1', EHLO, MAIL);
    expect(sessions).toMatchObject([{ secure: true, transmissionType: 'ESMTPS' }]);
  });

  test('XCLIENT, then STARTTLS: the address stays', async (t) => {
    const { served, sessions } = await serveRecorded(t, { ...IDENTITY, ...trusting('XCLIENT', true) });
    await using _served = served;
    const client = await served.client(EHLO, 'XCLIENT ADDR=192.0.2.1');
    await client.startTls(served.ca);
    await say(client, EHLO, MAIL);
    expect(sessions).toMatchObject([{ secure: true, remoteAddress: '192.0.2.1' }]);
  });
}

function describeOnce({ test }: Contract): void {
  const both: ContractOptions = { useXClient: true, useXForward: true };

  for (const address of ['192.0.2.1', '[UNAVAILABLE]', '127.0.0.1']) {
    test(`XCLIENT ADDR=${address}: XCLIENT and XFORWARD are gone, 550`, async (t) => {
      await using served = await t.serve(both);
      const client = await served.client(EHLO);
      expect(await codes(client, `XCLIENT ADDR=${address}`)).toEqual(['220']);
      const reply = await client.ask(EHLO);
      expect([listed(reply, 'XCLIENT'), listed(reply, 'XFORWARD')]).toEqual([undefined, undefined]);
      expect(await codes(client, 'XCLIENT NAME=a.example', 'XFORWARD NAME=a.example')).toEqual(['550', '550']);
    });
  }

  test('XCLIENT without ADDR: XCLIENT and XFORWARD may follow', async (t) => {
    const { served, sessions } = await serveRecorded(t, both);
    await using _served = served;
    const client = await served.client(EHLO, 'XCLIENT NAME=a.example');
    const reply = await client.ask(EHLO);
    expect(listed(reply, 'XCLIENT')).toBeDefined();
    expect(listed(reply, 'XFORWARD')).toBeDefined();
    expect(await codes(client, 'XCLIENT PORT=7', EHLO, 'XFORWARD IDENT=8', MAIL)).toEqual(['220', '250', '250', '250']);
    expect(sessions).toMatchObject([{ xClient: { NAME: 'a.example', PORT: 7 }, xForward: { IDENT: '8' } }]);
  });

  test('XCLIENT: trust is a matter of who has connected, not of NAME', async (t) => {
    await using served = await t.serve(trusting('XCLIENT', [HOST]));
    const client = await served.client(EHLO);
    const lines = ['XCLIENT NAME=a.example', 'XCLIENT ADDR=192.0.2.1', 'XCLIENT ADDR=127.0.0.1'];
    expect(await codes(client, ...lines)).toEqual(['220', '220', '550']);
  });
}

function describeLogin({ test }: Contract): void {
  const login = 'XCLIENT LOGIN=ann';

  test('XCLIENT LOGIN: onAuth is asked by the method XCLIENT, without a password', async (t) => {
    const asked: unknown[] = [];
    const { served, sessions } = await serveRecorded(t, {
      ...trusting('XCLIENT', true),
      authOptional: false,
      onAuth({ method, username, password }, _session, callback) {
        asked.push({ method, username, password });
        callback(null, { user: { name: username } });
      },
    });
    await using _served = served;
    expect(await codes(await served.client(EHLO), login, EHLO, MAIL)).toEqual(['220', '250', '250']);
    expect(asked).toEqual([{ method: 'XCLIENT', username: 'ann', password: null }]);
    expect(sessions).toMatchObject([{ user: { name: 'ann' }, transmissionType: 'ESMTPA', xClient: { LOGIN: 'ann' } }]);
  });

  test('XCLIENT LOGIN: xtext', async (t) => {
    const names: unknown[] = [];
    await using served = await t.serve({
      ...trusting('XCLIENT', true),
      onAuth(auth, _session, callback) {
        names.push(auth.username);
        callback(null, { user: auth.username });
      },
    });
    await served.client(EHLO, 'XCLIENT LOGIN=ann+40example.org');
    expect(names).toEqual(['ann@example.org']);
  });

  test('XCLIENT LOGIN: AUTH is not listed any more, and 503', async (t) => {
    await using served = await t.serve({
      ...trusting('XCLIENT', true),
      onAuth: logIn,
    });
    const client = await served.client(EHLO, login);
    expect(extensionsOf(await client.ask(EHLO)).join()).not.toContain('AUTH');
    expect(await codes(client, 'AUTH LOGIN')).toEqual(['503']);
  });

  for (const [what, error, response] of [
    ['an error', refusal('Unknown'), undefined],
    ['an error with a responseCode', refusal('Unknown', 454), undefined],
    ['no user', null, {}],
    ['a message', null, { message: 'Unknown' }],
  ] as const) {
    test(`XCLIENT LOGIN: onAuth gives ${what}: 550, and the connection is closed`, async (t) => {
      await using served = await t.serve({
        ...trusting('XCLIENT', true),
        onAuth: (_auth, _session, callback) => callback(error, response),
      });
      const client = await served.client(EHLO);
      expect(await codes(client, login)).toEqual(['550']);
      expect(await client.end()).toBe('');
    });
  }

  test('XCLIENT LOGIN without onAuth: accepted, and nobody is logged in', async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting('XCLIENT', true));
    await using _served = served;
    expect(await codes(await served.client(EHLO), login, EHLO, MAIL)).toEqual(['220', '250', '250']);
    expect(sessions[0]?.user).toBeFalsy();
  });

  for (const value of ['', '[UNAVAILABLE]']) {
    test(`XCLIENT LOGIN=${value}: onAuth is not asked`, async (t) => {
      let calls = 0;
      await using served = await t.serve({
        ...trusting('XCLIENT', true),
        onAuth(auth, _session, callback) {
          calls++;
          callback(null, { user: auth.username });
        },
      });
      expect(await codes(await served.client(EHLO), `XCLIENT LOGIN=${value}`, EHLO, MAIL)).toEqual([
        '220',
        '250',
        '250',
      ]);
      expect(calls).toBe(0);
    });
  }
}

function describeDestination({ test }: Contract): void {
  test('XCLIENT: DESTADDR and DESTPORT are listed', async (t) => {
    await using served = await t.serve(trusting('XCLIENT', true));
    const attributes = listed(await (await served.client()).ask(EHLO), 'XCLIENT');
    expect(attributes).toEqual(['XCLIENT', ...ATTRIBUTES.XCLIENT, 'DESTADDR', 'DESTPORT']);
  });

  for (const [given, address] of [
    ['192.0.2.9', '192.0.2.9'],
    ['IPV6:2001:DB8::9', '2001:db8::9'],
  ] as const) {
    test(`XCLIENT DESTADDR=${given} DESTPORT=25: kept`, async (t) => {
      const { served, sessions } = await serveRecorded(t, trusting('XCLIENT', true));
      await using _served = served;
      const client = await served.client(EHLO);
      const line = `XCLIENT DESTADDR=${given} DESTPORT=25`;
      expect(await codes(client, line, EHLO, MAIL)).toEqual(['220', '250', '250']);
      expect(sessions).toMatchObject([{ xClient: { DESTADDR: address, DESTPORT: 25 } }]);
    });

    test(`XCLIENT DESTADDR=${given} DESTPORT=25: the local address and port`, async (t) => {
      const { served, sessions } = await serveRecorded(t, trusting('XCLIENT', true));
      await using _served = served;
      await served.client(EHLO, `XCLIENT DESTADDR=${given} DESTPORT=25`, EHLO, MAIL);
      expect(sessions).toMatchObject([{ localAddress: address, localPort: 25 }]);
    });
  }

  test('XCLIENT DESTADDR: an address that is none: 501', async (t) => {
    await using served = await t.serve(trusting('XCLIENT', true));
    expect(await codes(await served.client(EHLO), 'XCLIENT DESTADDR=mx.example.org')).toEqual(['501']);
  });
}
