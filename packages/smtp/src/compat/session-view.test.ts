import { promises as dns } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { say, Served } from './testing/served.ts';
import type { SMTPServerOptions, SMTPServerSession } from './types.ts';

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
    id: expect.stringMatching(/^\w{8,}$/),
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
    servername: false,
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
    user: undefined,
  });
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
        if (address.address === 'no@example.org') throw new Error('No');
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
    expect(sessions[0]!.envelope).toEqual({ mailFrom: { address: '', args: false }, rcptTo: [] });
    await client.ask('RSET');
    expect(sessions[0]!.envelope).toEqual({ mailFrom: false, rcptTo: [] });
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
