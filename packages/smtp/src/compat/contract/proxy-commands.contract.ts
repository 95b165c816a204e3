// XCLIENT and XFORWARD: who may give them, in which form, and when the client is known.
import { expect } from 'vitest';
import { codes, deliver, ENVELOPE, MAIL, say } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import {
  ATTRIBUTES,
  EHLO,
  listed,
  mapOf,
  PROXY_COMMANDS,
  serveRecorded,
  SUCCESS,
  trusting,
  type ProxyCommand,
} from './proxy-client.ts';
import { HOST, IDENTITY } from './served-server.ts';

export function describeProxyCommands(contract: Contract): void {
  for (const command of PROXY_COMMANDS) {
    describeTrust(contract, command);
    describeSyntax(contract, command);
    describeConnectEvent(contract, command);
  }
}

function describeTrust({ test }: Contract, command: ProxyCommand): void {
  const line = `${command} NAME=client.example`;

  for (const trusted of [true, ['127.0.0.1'], ['192.0.2.9', '127.0.0.1'], ['::ffff:127.0.0.1'], ['*']]) {
    test(`${command}: listed with its attributes, and accepted from 127.0.0.1: ${JSON.stringify(trusted)}`, async (t) => {
      await using served = await t.serve(trusting(command, trusted));
      const client = await served.client();
      const [, ...attributes] = listed(await client.ask(EHLO), command) ?? [];
      expect(attributes.slice(0, ATTRIBUTES[command].length)).toEqual(ATTRIBUTES[command]);
      expect(await codes(client, line)).toEqual([SUCCESS[command]]);
    });
  }

  for (const trusted of [undefined, false, [], ['192.0.2.9']]) {
    test(`${command}: neither listed nor accepted from 127.0.0.1, 550: ${JSON.stringify(trusted)}`, async (t) => {
      const { served, sessions } = await serveRecorded(t, trusting(command, trusted));
      await using _served = served;
      const client = await served.client();
      expect(listed(await client.ask(EHLO), command)).toBeUndefined();
      expect(await codes(client, line, `${command} ADDR=192.0.2.1`, MAIL)).toEqual(['550', '550', '250']);
      expect(sessions).toMatchObject([{ remoteAddress: HOST, clientHostname: `[${HOST}]` }]);
    });
  }

  test(`${command}: the address of the PROXY header is the one that is trusted`, async (t) => {
    const options = { ...trusting(command, ['192.0.2.7']), useProxy: true };
    await using served = await t.serve(options);
    for (const [address, code] of [
      ['192.0.2.7', SUCCESS[command]],
      ['192.0.2.8', '550'],
    ] as const) {
      const client = await served.connected();
      client.send(`PROXY TCP4 ${address} 192.0.2.2 1234 25\r\n`);
      await client.reply();
      expect(await codes(client, EHLO, line)).toEqual(['250', code]);
    }
  });

  test(`${command}: disabledCommands: neither listed nor known`, async (t) => {
    await using served = await t.serve({ ...trusting(command, true), disabledCommands: [command.toLowerCase()] });
    const client = await served.client();
    expect(listed(await client.ask(EHLO), command)).toBeUndefined();
    expect(await codes(client, line)).toEqual(['500']);
  });

  test(`${command}: before EHLO, and after HELO`, async (t) => {
    await using served = await t.serve(trusting(command, true));
    const client = await served.client();
    expect(await codes(client, line, 'HELO proxy.example', line)).toEqual([SUCCESS[command], '250', SUCCESS[command]]);
  });

  test(`${command}: under TLS`, async (t) => {
    await using served = await t.serve({ ...IDENTITY, ...trusting(command, true) });
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    expect(listed(await client.ask(EHLO), command)).toBeDefined();
    expect(await codes(client, line, EHLO, MAIL)).toEqual([SUCCESS[command], '250', '250']);
  });

  for (const lines of [[MAIL], ENVELOPE.slice(1)]) {
    test(`${command} in a transaction: 503, and nothing changes: after ${lines.at(-1)}`, async (t) => {
      const { served, sessions } = await serveRecorded(t, trusting(command, true));
      await using _served = served;
      const client = await served.client(EHLO, ...lines);
      expect(await codes(client, line, `${command} ADDR=192.0.2.1`)).toEqual(['503', '503']);
      await say(client, 'RSET', MAIL);
      expect(sessions.at(-1)).toMatchObject({ remoteAddress: HOST, clientHostname: `[${HOST}]`, transaction: 1 });
    });
  }

  test(`${command} after a transaction`, async (t) => {
    await using served = await t.serve(trusting(command, true));
    const client = await served.client(EHLO, ...ENVELOPE.slice(1));
    await deliver(client);
    expect(await codes(client, line)).toEqual([SUCCESS[command]]);
  });
}

function describeSyntax({ test }: Contract, command: ProxyCommand): void {
  const wrong: readonly (readonly [string, string])[] = [
    ['no attributes', ''],
    ['an attribute that does not exist', ' COLOUR=blue'],
    ['no value', ' ADDR'],
    ['an empty name', ' =192.0.2.1'],
    ['an address that is none', ' ADDR=client.example'],
    ['an address out of range', ' ADDR=192.0.2.300'],
    ['an address with a tag that is none', ' ADDR=IPV5:192.0.2.1'],
    ['a port that is none', ' PORT=smtp'],
    ['a port out of range', ' PORT=65536'],
    ['a name that is none', ' NAME=-client-'],
    ['a name with CR LF', ' NAME=a+0D+0Ab'],
    ['a name with a blank', ' NAME=a+20b'],
    ['a HELO name with CR LF', ' HELO=a+0D+0Ab'],
    ['an attribute of the other command', command === 'XCLIENT' ? ' IDENT=7' : ' LOGIN=ann'],
  ];
  for (const [what, rest] of wrong) {
    test(`${command}: ${what}: 501, and nothing changes`, async (t) => {
      const { served, sessions } = await serveRecorded(t, trusting(command, true));
      await using _served = served;
      const client = await served.client(EHLO);
      expect(await codes(client, `${command}${rest}`, MAIL)).toEqual(['501', '250']);
      expect(sessions).toMatchObject([{ remoteAddress: HOST, clientHostname: `[${HOST}]`, xClient: {}, xForward: {} }]);
    });
  }

  test(`${command}: one attribute that is wrong: none counts`, async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting(command, true));
    await using _served = served;
    const client = await served.client(EHLO);
    const line = `${command} NAME=client.example PORT=1234 COLOUR=blue`;
    expect(await codes(client, line, MAIL)).toEqual(['501', '250']);
    expect(sessions).toMatchObject([{ clientHostname: `[${HOST}]`, remotePort: client.socket.localPort }]);
    expect(sessions[0]).toMatchObject({ [mapOf(command)]: {} });
  });

  test(`${command}: attributes in lower case, and several blanks between them`, async (t) => {
    const { served, sessions } = await serveRecorded(t, trusting(command, true));
    await using _served = served;
    const client = await served.client(EHLO);
    const line = `${command.toLowerCase()}  name=client.example   addr=192.0.2.1`;
    expect(await codes(client, line, EHLO, MAIL)).toEqual([SUCCESS[command], '250', '250']);
    expect(sessions).toMatchObject([{ remoteAddress: '192.0.2.1', clientHostname: 'client.example' }]);
  });
}

function describeConnectEvent({ test }: Contract, command: ProxyCommand): void {
  test(`${command}: the connect event waits for ADDR, and tells what is known then`, async (t) => {
    const { served, clients } = await serveRecorded(t, trusting(command, true));
    await using _served = served;
    const client = await served.client(EHLO);
    expect(clients).toEqual([]);
    await client.ask(`${command} NAME=client.example ADDR=192.0.2.1 PORT=1234`);
    expect(clients).toMatchObject([
      { remoteAddress: '192.0.2.1', remotePort: 1234, clientHostname: 'client.example', localAddress: HOST },
    ]);
  });

  test(`${command}: the connect event comes with MAIL at the latest`, async (t) => {
    const { served, clients } = await serveRecorded(t, trusting(command, true));
    await using _served = served;
    const client = await served.client(EHLO);
    expect(clients).toEqual([]);
    await client.ask(MAIL);
    expect(clients).toMatchObject([{ remoteAddress: HOST, hostNameAppearsAs: 'proxy.example' }]);
  });

  test(`${command}: the connect event comes once`, async (t) => {
    const { served, clients } = await serveRecorded(t, trusting(command, true));
    await using _served = served;
    const client = await served.client(EHLO, `${command} ADDR=192.0.2.1`, EHLO, MAIL, 'RSET', MAIL);
    await say(client, 'RSET', EHLO, MAIL);
    expect(clients).toHaveLength(1);
  });

  test(`${command}: onConnect is called once, for the proxy`, async (t) => {
    const addresses: string[] = [];
    await using served = await t.serve({
      ...trusting(command, true),
      onConnect({ remoteAddress }, callback) {
        addresses.push(remoteAddress);
        callback();
      },
    });
    await served.client(EHLO, `${command} ADDR=192.0.2.1`, EHLO, MAIL);
    expect(addresses).toEqual([HOST]);
  });
}
