import { expect, test } from 'vitest';
import { hostname } from 'node:os';
import type { SMTPServerOptions } from './options.ts';
import { ENVELOPE, say, Served } from './testing/served.ts';
import { WireClient } from '../testing/wire-client.ts';

test('name, banner and heloResponse', async () => {
  await using served = await Served.options({ name: 'mx.example', banner: 'Hi', heloResponse: '%s greets %s, $&%s.' });
  await using client = await WireClient.connected(served);
  expect(await client.reply()).toBe('220 mx.example ESMTP Hi');
  expect(await client.ask('HELO client.example')).toBe('250 mx.example greets [127.0.0.1], $&.');
});

test('the extensions that are on by default', async () => {
  await using served = await Served.options({ name: 'mx.example' });
  await using client = await served.client();
  const capabilities = ['mx.example Nice to meet you, [127.0.0.1]', 'PIPELINING', '8BITMIME', 'SMTPUTF8', 'STARTTLS'];
  const clear = await client.ask('EHLO x');
  expect(clear.split('\r\n').map((line) => line.slice(4))).toEqual(capabilities);
  await client.startTls(served.ca);
  const secure = await client.ask('EHLO x');
  expect(secure.split('\r\n').map((line) => line.slice(4))).toEqual([...capabilities.slice(0, 4), 'AUTH PLAIN LOGIN']);
});

test('authOptional and authRequiredMessage', async () => {
  await using served = await Served.options({ authRequiredMessage: 'Who are you?' });
  await using client = await served.client('EHLO client.example');
  expect(await client.ask('MAIL FROM:<ann@example.org>')).toBe('530 Who are you?');
  await using optional = await Served.options({ authOptional: true });
  await using other = await optional.client('EHLO client.example');
  expect(await other.ask('MAIL FROM:<ann@example.org>')).toMatch(/^250 /);
});

test('allowInsecureAuth', async () => {
  await using strict = await Served.options({});
  await using client = await strict.client('EHLO client.example');
  expect(await client.ask('AUTH PLAIN AGFubgBzZWNyZXQ=')).toMatch(/^538 /);
  await using served = await Served.options({ allowInsecureAuth: true, onAuth: () => ({ user: 'ann' }) });
  await using other = await served.client('EHLO client.example');
  expect(await other.ask('AUTH PLAIN AGFubgBzZWNyZXQ=')).toMatch(/^235 /);
});

test('maxRecipients: those accepted stay accepted', async () => {
  await using served = await Served.options({ authOptional: true, maxRecipients: 1 });
  await using client = await served.client(...ENVELOPE);
  expect(await say(client, 'RCPT TO:<one-more@example.org>', 'DATA', '.')).toEqual([
    expect.stringMatching(/^452 /),
    expect.stringMatching(/^354 /),
    expect.stringMatching(/^250 /),
  ]);
});

test('maxCommandLength: 421, and the connection is closed', async () => {
  await using served = await Served.options({ maxCommandLength: 20 });
  await using client = await served.client();
  client.send('x'.repeat(21));
  expect(await client.reply()).toMatch(/^421 /);
  expect(await client.end()).toBe('');
});

test('lmtp: LHLO, and neither HELO nor EHLO', async () => {
  await using served = await Served.options({ lmtp: true, name: 'mx.example' });
  await using client = await WireClient.connected(served);
  expect(await client.reply()).toBe('220 mx.example LMTP');
  expect(await say(client, 'HELO x', 'EHLO x', 'LHLO x')).toEqual([
    expect.stringMatching(/^500 /),
    expect.stringMatching(/^500 /),
    expect.stringMatching(/^250-/),
  ]);
});

test('options as they are written without types: null asks for nothing, and a switch may be a number', async () => {
  const untyped = {
    name: null,
    banner: null,
    heloResponse: null,
    authMethods: [null, 'plain', undefined],
    disabledCommands: false,
    mechanisms: null,
    extensions: null,
    hideCHUNKING: null,
    hideDSN: 0,
    lmtp: 1,
    authOptional: 1,
    allowInsecureAuth: 1,
    SNICallback: null,
    sniOptions: null,
    logger: null,
  } as unknown as SMTPServerOptions;
  await using served = await Served.options(untyped);
  await using client = await WireClient.connected(served);
  expect(await client.reply()).toBe(`220 ${hostname()} LMTP`);
  const [hello, ...capabilities] = (await client.ask('LHLO client.example')).split('\r\n');
  expect(hello).toBe(`250-${hostname()} Nice to meet you, [127.0.0.1]`);
  expect(capabilities.map((line) => line.slice(4))).toEqual([
    'PIPELINING',
    '8BITMIME',
    'SMTPUTF8',
    'DSN',
    'AUTH PLAIN',
    'STARTTLS',
  ]);
  expect(await client.ask('MAIL FROM:<ann@example.org> RET=FULL')).toMatch(/^250 /);
  expect(served.server.options.authMethods).toEqual(['PLAIN']);
});

test('maxAuthLength: 421, and the connection is closed', async () => {
  await using served = await Served.options({ allowInsecureAuth: true, maxAuthLength: 20 });
  await using client = await served.client('EHLO client.example', 'AUTH LOGIN');
  expect(await client.ask('x'.repeat(20))).toMatch(/^501 /);
  expect(await say(client, 'AUTH LOGIN', 'x'.repeat(21))).toEqual(['334 VXNlcm5hbWU6', '421 Line too long']);
  expect(await client.end()).toBe('');
});

test('maxChunkSize: 552, and the connection is closed', async () => {
  await using served = await Served.options({ authOptional: true, hideCHUNKING: false, maxChunkSize: 4 });
  await using client = await served.client(...ENVELOPE);
  expect(await client.ask('BDAT 4\r\nab')).toMatch(/^250 /);
  expect(await client.ask('BDAT 5')).toBe('552 Chunk exceeds the maximum size');
  expect(await client.end()).toBe('');
});

test.each([
  ['maxAllowedUnknownCommands', { maxAllowedUnknownCommands: 3 }, 'ODD', ['500', '500', '421']],
  ['maxAllowedCommandsWithoutMessage', { maxAllowedCommandsWithoutMessage: 4 }, 'NOOP', ['250', '250', '421']],
  ['maxAllowedAuthFailures', { maxAllowedAuthFailures: 2 }, 'AUTH PLAIN =', ['501', '501', '421']],
] as const)('%s', async (_option, options, line, codes) => {
  await using served = await Served.options({ allowInsecureAuth: true, authOptional: true, ...options });
  await using client = await served.client('EHLO client.example');
  const replies = await say(client, line, line, line);
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(codes);
  expect(await client.end()).toBe('');
});

test('maxAllowedUnknownCommands: false: no limit', async () => {
  await using served = await Served.options({ maxAllowedUnknownCommands: false });
  await using client = await served.client();
  const replies = await say(client, ...Array<string>(30).fill('ODD'));
  expect(new Set(replies)).toEqual(new Set(['500 Command not recognized']));
});

test('maxProxyHeaderLength: a longer header is none', async () => {
  // Version 2, LOCAL, with so many octets behind it that a proxy may send and a server skips (§2.2 of its specification).
  const header = (length: number): Buffer =>
    Buffer.from(`0d0a0d0a000d0a515549540a2000${length.toString(16).padStart(4, '0')}${'00'.repeat(length)}`, 'hex');
  await using served = await Served.options({ useProxy: true, maxProxyHeaderLength: 40 });
  for (const [length, code] of [
    [24, '220'],
    [25, '421'],
  ] as const) {
    await using client = await WireClient.connected(served);
    client.send(header(length));
    expect((await client.reply()).slice(0, 3)).toBe(code);
  }
});
