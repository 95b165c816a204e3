// Who may say whose client it is: those whose addresses are named, however they are written, and nobody else.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WireClient } from '../testing/wire-client.ts';
import type { SMTPServerOptions } from './options.ts';
import { SMTPServer } from './smtp-server.ts';
import { say, Served } from './testing/served.ts';
import type { SMTPServerSession } from './types.ts';

const TCP4 = 'PROXY TCP4 192.0.2.1 192.0.2.2 1234 25\r\n';
/** PROXY protocol §2.2: the signature, PROXY over TCP on IPv4, 12 octets of addresses and ports. */
const V2 = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n'),
  Buffer.from([0x21, 0x11, 0, 12, 192, 0, 2, 1, 192, 0, 2, 2, 0x04, 0xd2, 0, 25]),
]);
const XCLIENT = 'XCLIENT NAME=spike.example ADDR=192.0.2.1 PORT=1234 LOGIN=ann DESTADDR=192.0.2.2 DESTPORT=25';
const XFORWARD = 'XFORWARD NAME=spike.example ADDR=192.0.2.1 PORT=1234 IDENT=1 SOURCE=LOCAL';

/** Whatever tells who a client is. */
type Identity = Readonly<Record<(typeof FIELDS)[number], unknown>>;

const FIELDS = [
  'remoteAddress',
  'remotePort',
  'localAddress',
  'localPort',
  'clientHostname',
  'user',
  'xClient',
  'xForward',
] as const satisfies readonly (keyof SMTPServerSession)[];

const identityOf = (session: SMTPServerSession): Identity =>
  Object.fromEntries(FIELDS.map((field) => [field, structuredClone(session[field])])) as Identity;

/** Of a client for whom nobody has spoken. */
function ownIdentity({ localAddress, localPort, remoteAddress, remotePort }: Socket): Identity {
  const bare = (address: string): string => address.replace('::ffff:', '');
  return {
    remoteAddress: bare(localAddress!),
    remotePort: localPort!,
    localAddress: bare(remoteAddress!),
    localPort: remotePort!,
    clientHostname: `[${bare(localAddress!)}]`,
    user: undefined,
    xClient: new Map(),
    xForward: new Map(),
  };
}

interface Watched {
  readonly served: Served;
  /** Of each session at its MAIL, and what its connect event told. */
  readonly identities: readonly Identity[];
  readonly addresses: readonly string[];
}

/** A server on both families. */
async function serve(options: SMTPServerOptions): Promise<Watched> {
  const identities: Identity[] = [];
  const addresses: string[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    logger: false,
    onAuth: ({ username }) => ({ user: username }),
    ...options,
    onMailFrom: (_address, session) => void identities.push(identityOf(session)),
  });
  server.on('connect', ({ remoteAddress }) => addresses.push(remoteAddress));
  return { served: await Served.server(server, null), identities, addresses };
}

type Trusted = NonNullable<SMTPServerOptions['useProxy']>;

/** Which list trusts whom. */
const TRUST: readonly (readonly [trusted: Trusted, peer: '127.0.0.1' | '::1', isTrusted: boolean])[] = [
  [true, '127.0.0.1', true],
  [true, '::1', true],
  [['*'], '::1', true],
  [['192.0.2.9', '*'], '127.0.0.1', true],
  [['127.0.0.1'], '127.0.0.1', true],
  [['::ffff:127.0.0.1'], '127.0.0.1', true],
  [['::FFFF:7F00:1'], '127.0.0.1', true],
  [['0:0:0:0:0:0:0:1'], '::1', true],
  [['192.0.2.9', '::1'], '::1', true],
  [['127.0.0.1'], '::1', false],
  [['::1'], '127.0.0.1', false],
  [['::ffff:0:127.0.0.1', '::127.0.0.1', '64:ff9b::127.0.0.1'], '127.0.0.1', false],
  [['::1%lo', '::2', '::10'], '::1', false],
  [['127.0.0.10', '127.0.0.2', '27.0.0.1'], '127.0.0.1', false],
  [[], '127.0.0.1', false],
  [false, '::1', false],
];

describe('on a server of both families', () => {
  test.each(TRUST)('a PROXY header: with %j, from %s: %s', async (useProxy, host, isTrusted) => {
    const { addresses, identities, served } = await serve({ useProxy });
    await using _served = served;
    await using client = await WireClient.connected({ host, port: served.port });
    client.send(TCP4);
    // Somebody else's is a line like any other.
    const replies = [await client.reply(), ...(isTrusted ? [] : [await client.reply()])];
    expect(replies.map((line) => line.slice(0, 3))).toEqual(isTrusted ? ['220'] : ['220', '500']);
    await say(client, 'EHLO c.example', 'MAIL FROM:<>');
    const own = ownIdentity(client.socket);
    const named = { ...own, remoteAddress: '192.0.2.1', remotePort: 1234, clientHostname: '[192.0.2.1]' };
    expect(identities).toEqual([isTrusted ? named : own]);
    expect(addresses).toEqual([isTrusted ? '192.0.2.1' : own.remoteAddress]);
  });

  test.each(TRUST)('XCLIENT and XFORWARD: with %j, from %s: %s', async (trusted, host, isTrusted) => {
    const { addresses, identities, served } = await serve({ useXClient: trusted, useXForward: trusted });
    await using _served = served;
    await using client = await WireClient.greeted({ host, port: served.port });
    const offered = await client.ask('EHLO c.example');
    expect([offered.includes('XCLIENT'), offered.includes('XFORWARD')]).toEqual([isTrusted, isTrusted]);
    const replies = await say(client, XFORWARD, XCLIENT, 'EHLO c.example', 'MAIL FROM:<>');
    expect(replies.map((line) => line.slice(0, 3))).toEqual([
      ...(isTrusted ? ['250', '220'] : ['550', '550']),
      '250',
      '250',
    ]);
    const own = ownIdentity(client.socket);
    if (isTrusted) expect(identities).toMatchObject([{ remoteAddress: '192.0.2.1', remotePort: 1234, user: 'ann' }]);
    else expect(identities).toEqual([own]);
    expect(addresses).toEqual([isTrusted ? '192.0.2.1' : own.remoteAddress]);
  });
});

describe('of a client that nobody trusts', () => {
  const EVERYTHING: readonly (readonly [what: string, said: string | Buffer])[] = [
    ['a PROXY header, version 1', TCP4],
    ['a PROXY header, version 2', Buffer.concat([V2, Buffer.from('\r\n')])],
    ['XCLIENT before EHLO', `${XCLIENT}\r\n`],
    ['XCLIENT after EHLO', `EHLO c.example\r\n${XCLIENT}\r\n`],
    ['XCLIENT after AUTH', `EHLO c.example\r\nAUTH PLAIN\r\n*\r\n${XCLIENT}\r\n`],
    ['XFORWARD before EHLO', `${XFORWARD}\r\n`],
    ['XFORWARD after EHLO', `EHLO c.example\r\n${XFORWARD}\r\n`],
    [
      'a PROXY header that names a trusted proxy, and then XCLIENT',
      `${TCP4.replace('192.0.2.1', '192.0.2.9')}${XCLIENT}\r\n`,
    ],
    ['XCLIENT that names a trusted proxy, and then XCLIENT', `XCLIENT ADDR=192.0.2.9\r\n${XCLIENT}\r\n`],
    ['EHLO with a trusted address', 'EHLO [192.0.2.9]\r\nXCLIENT ADDR=192.0.2.1\r\n'],
  ];
  const proxies = ['192.0.2.9'];
  const options = { useProxy: proxies, useXClient: proxies, useXForward: proxies, allowInsecureAuth: true };

  test.each(EVERYTHING)('%s changes nothing', async (_what, said) => {
    const { addresses, identities, served } = await serve(options);
    await using _served = served;
    await using client = await WireClient.greeted({ host: '127.0.0.1', port: served.port });
    const own = ownIdentity(client.socket);
    client.send(said);
    client.send('EHLO c.example\r\nMAIL FROM:<>\r\nQUIT\r\n');
    const heard = await client.end();
    expect(heard).toMatch(/^5\d\d /m);
    expect(heard).not.toMatch(/^220 /m);
    expect(identities).toEqual([own]);
    expect(addresses).toEqual(['127.0.0.1']);
  });

  test('XCLIENT logs nobody in', async () => {
    const { identities, served } = await serve({ ...options, authOptional: false });
    await using _served = served;
    await using client = await WireClient.greeted({ host: '127.0.0.1', port: served.port });
    const replies = await say(client, 'EHLO c.example', 'XCLIENT LOGIN=ann', 'MAIL FROM:<>');
    expect(replies.map((line) => line.slice(0, 3))).toEqual(['250', '550', '530']);
    expect(identities).toEqual([]);
  });
});

describe('of a client for whom a trusted proxy has spoken', () => {
  test('a second PROXY header changes nothing, whatever its version', async () => {
    const { identities, served } = await serve({ useProxy: true });
    await using _served = served;
    await using client = await WireClient.connected({ host: '127.0.0.1', port: served.port });
    const others = Buffer.from(V2).fill(9, 16, 20);
    client.send(
      Buffer.concat([Buffer.from(TCP4), others, Buffer.from(`\r\n${TCP4.replace('192.0.2.1', '192.0.2.9')}`)]),
    );
    client.send('EHLO c.example\r\nMAIL FROM:<>\r\nQUIT\r\n');
    await client.end();
    expect(identities).toMatchObject([{ remoteAddress: '192.0.2.1', remotePort: 1234 }]);
  });

  test.each(['192.0.2.9', '127.0.0.1', '::ffff:127.0.0.1', '[UNAVAILABLE]'])(
    'XCLIENT and XFORWARD are refused, also where it is named %s',
    async (address) => {
      const trusted = ['127.0.0.1', '192.0.2.9'];
      const { identities, served } = await serve({ useXClient: trusted, useXForward: trusted });
      await using _served = served;
      await using client = await WireClient.greeted({ host: '127.0.0.1', port: served.port });
      const replies = await say(client, `XCLIENT ADDR=${address}`, XCLIENT, XFORWARD, 'EHLO c.example', 'MAIL FROM:<>');
      expect(replies.map((line) => line.slice(0, 3))).toEqual(['220', '550', '550', '250', '250']);
      expect(identities).toMatchObject([{ user: false, xForward: new Map() }]);
    },
  );
});

test.each([
  ['fe80::1%eth0', 'fe80::1%eth0', '220'],
  ['FE80:0::1%eth0', 'fe80::1%eth0', '220'],
  ['fe80::1%eth1', 'fe80::1%eth0', '550'],
  ['fe80::1', 'fe80::1%eth0', '550'],
  ['fe80::1%eth0', 'fe80::1', '550'],
])('XCLIENT: with %j, from %s: %s', async (trusted, remoteAddress, code) => {
  const { served } = await serve({ useXClient: [trusted] });
  await using _served = served;
  // Where nobody has such an address, whoever accepted the socket says that it has.
  const front = createServer((socket) => served.server.connect(socket, { remoteAddress }));
  await once(front.listen(0, '127.0.0.1'), 'listening');
  try {
    await using client = await WireClient.greeted({ host: '127.0.0.1', port: (front.address() as AddressInfo).port });
    expect(await client.ask('XCLIENT ADDR=192.0.2.1')).toMatch(new RegExp(`^${code} `));
  } finally {
    front.close();
  }
});
