import { promises as dns } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { WireClient } from '../testing/wire-client.ts';
import { ENVELOPE, say, Served } from './testing/served.ts';
import type { SMTPServerOptions } from './options.ts';
import type { SMTPServerSession } from './types.ts';

/** A server whose sessions can be looked at. */
async function serve(options: SMTPServerOptions = {}): Promise<{ served: Served; sessions: SMTPServerSession[] }> {
  const sessions: SMTPServerSession[] = [];
  const served = await Served.options({
    authOptional: true,
    onAuth: ({ username }, _session, callback) => callback(null, { user: { name: username } }),
    onConnect(session, callback) {
      sessions.push(session);
      callback();
    },
    ...options,
  });
  return { served, sessions };
}

const AUTH = 'AUTH PLAIN AGFubgBzZWNyZXQ=';

test('who has connected', async () => {
  const { served, sessions } = await serve();
  await using _served = served;
  await using client = await served.client();
  await using other = await served.client();
  expect(sessions[0]).toMatchObject({
    id: expect.stringMatching(/^[a-z0-9]{16}$/),
    localAddress: '127.0.0.1',
    localPort: served.port,
    remoteAddress: '127.0.0.1',
    remotePort: client.socket.localPort,
    clientHostname: '[127.0.0.1]',
    openingCommand: false,
    hostNameAppearsAs: false,
    transmissionType: 'SMTP',
    secure: false,
    tlsOptions: false,
    servername: undefined,
    user: undefined,
    transaction: 1,
    envelope: { mailFrom: false, rcptTo: [] },
    error: undefined,
  });
  expect(sessions[1]!.remotePort).toBe(other.socket.localPort);
  expect(sessions[1]!.id).not.toBe(sessions[0]!.id);
});

test('the name that reverse lookup gives, or the address', async () => {
  const [name] = await dns.reverse('127.0.0.1').catch(() => []);
  const { served, sessions } = await serve({ disableReverseLookup: false });
  await using _served = served;
  await using _client = await served.client();
  expect(sessions[0]!.clientHostname).toBe(name ?? '[127.0.0.1]');
});

test('how it introduced itself', async () => {
  const { served, sessions } = await serve();
  await using _served = served;
  await using client = await served.client('HELO first.example');
  expect(sessions[0]).toMatchObject({ openingCommand: 'HELO', hostNameAppearsAs: 'first.example' });
  await client.ask('EHLO second.example');
  expect(sessions[0]).toMatchObject({ openingCommand: 'EHLO', hostNameAppearsAs: 'second.example' });
});

test('TLS, and that all is forgotten which was said before it (RFC 3207 §4.2)', async () => {
  const { served, sessions } = await serve({ allowInsecureAuth: true });
  await using _served = served;
  await using client = await served.client('EHLO client.example', AUTH);
  expect(sessions[0]!.user).toEqual({ name: 'ann' });
  await client.startTls(served.ca);
  await client.ask('NOOP');
  expect(sessions[0]).toMatchObject({
    secure: true,
    servername: 'localhost',
    tlsOptions: {
      version: 'TLSv1.3',
      standardName: expect.stringMatching(/^TLS_/),
      name: expect.stringMatching(/^TLS_/),
    },
    openingCommand: false,
    hostNameAppearsAs: false,
    user: false,
    transaction: 1,
  });
});

test('STARTTLS begins anew to count transactions', async () => {
  const { served, sessions } = await serve();
  await using _served = served;
  await using client = await served.client(...ENVELOPE, 'DATA', '.');
  expect(sessions[0]!.transaction).toBe(2);
  await client.startTls(served.ca);
  await client.ask('NOOP');
  expect(sessions[0]!.transaction).toBe(1);
});

describe('transmissionType (RFC 3848, RFC 6531 §4.3)', () => {
  test.each([
    ['SMTP', false, ['HELO x']],
    ['ESMTP', false, ['EHLO x']],
    ['ESMTPA', false, ['EHLO x', AUTH]],
    ['ESMTPS', true, ['EHLO x']],
    ['ESMTPSA', true, ['EHLO x', AUTH]],
    ['UTF8SMTP', false, ['EHLO x', 'MAIL FROM:<ann@example.org> SMTPUTF8']],
    ['UTF8SMTPSA', true, ['EHLO x', AUTH, 'MAIL FROM:<ann@example.org> SMTPUTF8']],
    ['LMTP', false, ['LHLO x']],
    ['LMTPSA', true, ['LHLO x', AUTH]],
    ['UTF8LMTP', false, ['LHLO x', 'MAIL FROM:<ann@example.org> SMTPUTF8']],
  ])('%s', async (expected, tls, lines) => {
    const { served, sessions } = await serve({ lmtp: expected.includes('LMTP'), allowInsecureAuth: true });
    await using _served = served;
    await using client = await served.client();
    if (tls) {
      await client.ask(lines[0]!);
      await client.startTls(served.ca);
    }
    await say(client, ...lines);
    expect(sessions[0]!.transmissionType).toBe(expected);
  });

  test.each([
    ['implicit TLS', true, ['onConnect SMTPS', 'onSecure SMTPS', 'onMailFrom ESMTPS']],
    ['STARTTLS', false, ['onConnect SMTP', 'onSecure SMTPS', 'onMailFrom ESMTPS']],
  ])('is up to date in every handler, %s', async (_mode, secure, expected) => {
    const seen: string[] = [];
    const look = (name: string, { transmissionType }: SMTPServerSession): void =>
      void seen.push(`${name} ${transmissionType}`);
    await using served = await Served.options({
      secure,
      authOptional: true,
      onConnect: (session) => look('onConnect', session),
      onSecure: (_socket, session) => look('onSecure', session),
      onMailFrom: (_address, session) => look('onMailFrom', session),
    });
    await using client = secure ? await WireClient.secured(served, served.ca) : await served.client(ENVELOPE[0]!);
    if (secure) await client.reply();
    else await client.startTls(served.ca);
    await say(client, ...ENVELOPE);
    expect(seen).toEqual(expected);
  });

  test('may be set', async () => {
    const { served, sessions } = await serve();
    await using _served = served;
    await using client = await served.client();
    sessions[0]!.transmissionType = 'HTTP';
    await client.ask('EHLO client.example');
    expect(sessions[0]!.transmissionType).toBe('HTTP');
  });
});

describe('a user whom a handler sets', () => {
  const relay = { relay: true };

  test('in onConnect is logged in', async () => {
    const { served, sessions } = await serve({
      authOptional: false,
      onConnect(session) {
        session.user = relay;
        sessions.push(session);
      },
    });
    await using _served = served;
    await using client = await served.client('EHLO client.example');
    expect(await client.ask(ENVELOPE[1]!)).toMatch(/^250 /);
    expect(sessions[0]).toMatchObject({ user: relay, transmissionType: 'ESMTPA' });
    expect(await client.ask(AUTH)).toMatch(/^5/);
  });

  test('in onSecure is logged in', async () => {
    const { served, sessions } = await serve({
      authOptional: false,
      onSecure: (_socket, session) => void (session.user = relay),
    });
    await using _served = served;
    await using client = await served.client('EHLO client.example');
    expect(await client.ask(ENVELOPE[1]!)).toMatch(/^530 /);
    await client.startTls(served.ca);
    expect(await client.ask(ENVELOPE[0]!)).not.toContain('AUTH');
    expect(await client.ask(ENVELOPE[1]!)).toMatch(/^250 /);
    expect(sessions[0]).toMatchObject({ user: relay, transmissionType: 'ESMTPSA' });
  });

  test('before TLS is forgotten with it (RFC 3207 §4.2)', async () => {
    const { served, sessions } = await serve({ authOptional: false });
    await using _served = served;
    await using client = await served.client('EHLO client.example');
    sessions[0]!.user = relay;
    await client.startTls(served.ca);
    await client.ask(ENVELOPE[0]!);
    expect(await client.ask(ENVELOPE[1]!)).toMatch(/^530 /);
    expect(sessions[0]!.user).toBe(false);
  });

  test.each([false, null, undefined, 0, ''])('to %j is logged in no more', async (nobody) => {
    const { served, sessions } = await serve({ authOptional: false, allowInsecureAuth: true });
    await using _served = served;
    await using client = await served.client('EHLO client.example', AUTH);
    expect(sessions[0]!.transmissionType).toBe('ESMTPA');
    sessions[0]!.user = nobody;
    expect(await client.ask(ENVELOPE[1]!)).toMatch(/^530 /);
    expect(sessions[0]).toMatchObject({ user: nobody, transmissionType: 'ESMTP' });
    expect(await client.ask(AUTH)).toMatch(/^235 /);
  });

  test('while it is asked about the login, and by its answer', async () => {
    const { served, sessions } = await serve({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(_auth, session) {
        session.user = relay;
        return { user: { name: 'ann' } };
      },
    });
    await using _served = served;
    await using client = await served.client('EHLO client.example');
    expect(await client.ask(AUTH)).toMatch(/^235 /);
    expect(sessions[0]!.user).toEqual({ name: 'ann' });
    expect(await client.ask(ENVELOPE[1]!)).toMatch(/^250 /);
  });
});

test('a copy of a session has everything', async () => {
  const { served, sessions } = await serve({ allowInsecureAuth: true });
  await using _served = served;
  await using _client = await served.client('EHLO client.example', AUTH);
  const [session] = sessions;
  expect({ ...session }).toMatchObject({ user: { name: 'ann' }, transmissionType: 'ESMTPA', secure: false });
  expect(JSON.parse(JSON.stringify(session))).toMatchObject({ user: { name: 'ann' }, transmissionType: 'ESMTPA' });
});

test.each(['xClient', 'xForward'] as const)(
  '%s is a property of its own, and the same map for whoever has read it',
  async (name) => {
    const { served, sessions } = await serve();
    await using _served = served;
    await using _client = await served.client();
    const session = sessions[0]!;
    expect(Object.keys(session)).toContain(name);
    expect(Object.getOwnPropertyDescriptor(session, name)).toMatchObject({ configurable: true });
    const copy = { ...session };
    expect(copy[name]).toEqual(new Map());
    copy[name].set('NOTE', 'of the application');
    expect(session[name].get('NOTE')).toBe('of the application');
  },
);

describe('XCLIENT', () => {
  test('keeps what it replaced first', async () => {
    const { served, sessions } = await serve({ useXClient: true });
    await using _served = served;
    await using client = await served.client(
      'EHLO proxy.example',
      'XCLIENT NAME=one.example PORT=1001',
      'EHLO proxy.example',
      'XCLIENT NAME=two.example PORT=1002',
    );
    expect(sessions[0]).toMatchObject({ clientHostname: 'two.example', remotePort: 1002 });
    expect(Object.fromEntries(sessions[0]!.xClient)).toMatchObject({
      NAME: 'two.example',
      'NAME:DEFAULT': '[127.0.0.1]',
      PORT: 1002,
      'PORT:DEFAULT': client.socket.localPort,
    });
  });

  test('with a name that is not known after one that was', async () => {
    const { served, sessions } = await serve({ useXClient: true });
    await using _served = served;
    await using client = await served.client('EHLO proxy.example', 'XCLIENT NAME=one.example');
    expect(sessions[0]!.clientHostname).toBe('one.example');
    await say(client, 'EHLO proxy.example', 'XCLIENT NAME=[UNAVAILABLE]');
    expect(sessions[0]!.clientHostname).toBe('[127.0.0.1]');
    expect(sessions[0]!.xClient.get('NAME')).toBe(false);
  });
});

describe('the envelope', () => {
  test('grows with what is accepted, and ends with its transaction', async () => {
    const seen: unknown[] = [];
    const look = (_subject: unknown, { envelope, transaction }: SMTPServerSession): void =>
      void seen.push(structuredClone([transaction, envelope.mailFrom, envelope.rcptTo]));
    const { served, sessions } = await serve({
      onMailFrom: look,
      onRcptTo(address, session) {
        look(address, session);
        if (address.address === 'no@example.org') throw Object.assign(new Error('No'), { responseCode: 550 });
      },
      onData: look,
    });
    await using _served = served;
    await using client = await served.client('EHLO client.example', 'MAIL FROM:<ann@example.org> BODY=8BITMIME');
    await say(client, 'RCPT TO:<no@example.org>', 'RCPT TO:<bob@example.org>', 'DATA', '.', 'MAIL FROM:<>');
    const mailFrom = { address: 'ann@example.org', args: { BODY: '8BITMIME' } };
    expect(seen).toEqual([
      [1, false, []],
      [1, mailFrom, []],
      [1, mailFrom, []],
      [1, mailFrom, [{ address: 'bob@example.org', args: false }]],
      [2, false, []],
    ]);
    const empty = { rcptTo: [], bodyType: '7bit', smtpUtf8: false, requireTLS: false };
    expect(sessions[0]!.envelope).toEqual({ mailFrom: { address: '', args: false }, ...empty });
    await client.ask('RSET');
    expect(sessions[0]!.envelope).toEqual({ mailFrom: false, ...empty });
  });

  test('has a repeated recipient once, where it was first, with its last parameters', async () => {
    const { served, sessions } = await serve();
    await using _served = served;
    await using client = await served.client('EHLO client.example', 'MAIL FROM:<ann@example.org>');
    await say(
      client,
      'RCPT TO:<a@example.org> NOTIFY=NEVER',
      'RCPT TO:<A@example.org>',
      'RCPT TO:<a@example.org> NOTIFY=DELAY',
    );
    expect(sessions[0]!.envelope.rcptTo).toEqual([
      { address: 'a@example.org', args: { NOTIFY: 'DELAY' } },
      { address: 'A@example.org', args: false },
    ]);
    await say(client, 'RSET', 'MAIL FROM:<ann@example.org>', 'RCPT TO:<b@example.org>', 'RCPT TO:<a@example.org>');
    expect(sessions[0]!.envelope.rcptTo.map(({ address }) => address)).toEqual(['b@example.org', 'a@example.org']);
  });

  test('is kept for a handler that looks at it after its transaction', async () => {
    const envelopes: SMTPServerSession['envelope'][] = [];
    const { served } = await serve({ onData: (_stream, { envelope }) => void envelopes.push(envelope) });
    await using _served = served;
    await using client = await served.client('EHLO client.example');
    for (const name of ['a', 'b']) await say(client, 'MAIL FROM:<>', `RCPT TO:<${name}@example.org>`, 'DATA', '.');
    expect(envelopes.map(({ rcptTo }) => rcptTo[0]!.address)).toEqual(['a@example.org', 'b@example.org']);
  });
});

test('the last reply that was an error', async () => {
  const { served, sessions } = await serve();
  await using _served = served;
  await using client = await served.client('MAIL FROM:<ann@example.org>', 'NOOP');
  expect(sessions[0]!.error).toBe('503 Send EHLO first');
  await client.ask('WHAT');
  expect(sessions[0]!.error).toBe('500 Command not recognized');
});
