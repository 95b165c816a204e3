// What the attributes of XCLIENT and XFORWARD tell, and where the session shows it.
import { expect } from 'vitest';
import { logIn, PLAIN } from './auth-client.ts';
import { codes, MAIL } from './contract-client.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import {
  EHLO,
  mapOf,
  PROXY_COMMANDS,
  serveRecorded,
  SUCCESS,
  trusting,
  type ProxyCommand,
  type RecordedSession,
} from './proxy-client.ts';
import { HOST } from './served-server.ts';

export function describeProxyAttributes(contract: Contract): void {
  for (const command of PROXY_COMMANDS) describeValues(contract, command);
  describeXForward(contract);
}

function describeValues({ test }: Contract, command: ProxyCommand): void {
  const map = mapOf(command);

  /** What a session tells after the command, and EHLO. */
  async function told(t: ContractCase, attributes: string): Promise<RecordedSession> {
    const { served, sessions } = await serveRecorded(t, trusting(command, true));
    await using _served = served;
    const client = await served.client(EHLO);
    expect(await codes(client, `${command} ${attributes}`, EHLO, MAIL)).toEqual([SUCCESS[command], '250', '250']);
    return sessions[0]!;
  }

  test(`${command}: ADDR is the remote address`, async (t) => {
    expect(await told(t, 'ADDR=192.0.2.1')).toMatchObject({
      remoteAddress: '192.0.2.1',
      [map]: { ADDR: '192.0.2.1', 'ADDR:DEFAULT': HOST },
    });
  });

  for (const address of ['IPV6:2001:db8::1', 'ipv6:2001:DB8:0:0:0:0:0:1', '2001:db8::1']) {
    test(`${command}: ADDR=${address}: the address without its tag, in its short form`, async (t) => {
      expect(await told(t, `ADDR=${address}`)).toMatchObject({
        remoteAddress: '2001:db8::1',
        [map]: { ADDR: '2001:db8::1' },
      });
    });
  }

  test(`${command}: PORT is the remote port, a number`, async (t) => {
    expect(await told(t, 'PORT=1234')).toMatchObject({ remotePort: 1234, [map]: { PORT: 1234 } });
  });

  test(`${command}: NAME is the name of the client, in lower case`, async (t) => {
    expect(await told(t, 'NAME=Client.Example')).toMatchObject({
      clientHostname: 'client.example',
      [map]: { NAME: 'Client.Example' },
    });
  });

  test(`${command}: NAME is told in the reply to EHLO`, async (t) => {
    await using served = await t.serve(trusting(command, true));
    const client = await served.client(EHLO, `${command} NAME=client.example`);
    expect(await client.ask('HELO proxy.example')).toContain('client.example');
  });

  test(`${command}: PROTO and HELO are kept`, async (t) => {
    expect(await told(t, 'PROTO=ESMTP HELO=client.example')).toMatchObject({
      hostNameAppearsAs: 'proxy.example',
      [map]: { PROTO: 'ESMTP', HELO: 'client.example' },
    });
  });

  test(`${command}: xtext`, async (t) => {
    expect(await told(t, 'NAME=cl+69ent+2Eexample HELO=a+2Bb+3Dc')).toMatchObject({
      clientHostname: 'client.example',
      [map]: { NAME: 'client.example', HELO: 'a+b=c' },
    });
  });

  test(`${command}: all at once`, async (t) => {
    const attributes = 'NAME=client.example ADDR=192.0.2.1 PORT=1234 PROTO=ESMTP HELO=helo.example';
    expect(await told(t, attributes)).toMatchObject({
      remoteAddress: '192.0.2.1',
      remotePort: 1234,
      clientHostname: 'client.example',
      [map]: { NAME: 'client.example', ADDR: '192.0.2.1', PORT: 1234, PROTO: 'ESMTP', HELO: 'helo.example' },
    });
  });

  test(`${command}: local address and port stay`, async (t) => {
    const { localAddress, localPort } = await told(t, 'ADDR=192.0.2.1 PORT=1234');
    expect([localAddress, typeof localPort]).toEqual([HOST, 'number']);
    expect(localPort).not.toBe(1234);
  });

  for (const unavailable of ['[UNAVAILABLE]', '[TEMPUNAVAIL]', '[unavailable]']) {
    test(`${command}: ADDR=${unavailable}: the address stays, and is false in the Map`, async (t) => {
      expect(await told(t, `ADDR=${unavailable}`)).toMatchObject({ remoteAddress: HOST, [map]: { ADDR: false } });
    });

    test(`${command}: NAME=${unavailable}: the name is the address`, async (t) => {
      expect(await told(t, `NAME=${unavailable}`)).toMatchObject({ clientHostname: `[${HOST}]` });
    });

    test(`${command}: PROTO=${unavailable}: false in the Map`, async (t) => {
      expect(await told(t, `PROTO=${unavailable}`)).toMatchObject({ [map]: { PROTO: false } });
    });
  }

  test(`${command}: the Map of the other command stays empty`, async (t) => {
    const { xClient, xForward } = await told(t, 'NAME=client.example');
    expect(command === 'XCLIENT' ? xForward : xClient).toEqual({});
  });
}

function describeXForward({ test }: Contract): void {
  test('XFORWARD: IDENT and SOURCE are kept', async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting('XFORWARD', true));
    await using _served = served;
    const client = await served.client(EHLO, 'XFORWARD IDENT=4c+2BA SOURCE=LOCAL', MAIL);
    expect(sessions).toMatchObject([{ xForward: { IDENT: '4c+A', SOURCE: 'LOCAL' } }]);
    expect(await codes(client, 'RSET')).toEqual(['250']);
  });

  test('XFORWARD: the session goes on: no new EHLO, and the user stays', async (t) => {
    const { served, sessions } = await serveRecorded(t, {
      ...trusting('XFORWARD', true),
      onAuth: logIn,
    });
    await using _served = served;
    const client = await served.client(EHLO, PLAIN);
    expect(await codes(client, 'XFORWARD ADDR=192.0.2.1', MAIL)).toEqual(['250', '250']);
    expect(sessions).toMatchObject([{ user: 'ann', remoteAddress: '192.0.2.1', hostNameAppearsAs: 'proxy.example' }]);
  });

  test('XFORWARD again and again: the last values count, and those not told stay', async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting('XFORWARD', true));
    await using _served = served;
    const client = await served.client(EHLO);
    const lines = ['XFORWARD NAME=a.example ADDR=192.0.2.1', 'XFORWARD ADDR=192.0.2.2 PORT=7', MAIL];
    expect(await codes(client, ...lines)).toEqual(['250', '250', '250']);
    expect(sessions).toMatchObject([
      {
        remoteAddress: '192.0.2.2',
        remotePort: 7,
        clientHostname: 'a.example',
        xForward: { NAME: 'a.example', ADDR: '192.0.2.2', PORT: 7 },
      },
    ]);
  });

  test('XFORWARD: RSET and EHLO leave it as it is', async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting('XFORWARD', true));
    await using _served = served;
    await served.client(EHLO, 'XFORWARD ADDR=192.0.2.1', 'RSET', EHLO, MAIL);
    expect(sessions).toMatchObject([{ remoteAddress: '192.0.2.1', xForward: { ADDR: '192.0.2.1' } }]);
  });
}
