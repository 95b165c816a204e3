// The examples of smtp-server's README of 2015, as they stand there but for ports and names.
import { connect as connectTls } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { SMTPServer } from './smtp-server.ts';
import { clientIdentity, internationalIdentity, mailIdentity } from './testing/identities.ts';
import { say, Served } from './testing/served.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerCallback,
  SMTPServerDataAnswer,
  SMTPServerDataStream,
  SMTPServerError,
  SMTPServerSession,
} from './types.ts';

describe('onAuth', () => {
  test.each(['PLAIN', 'LOGIN'])('of %s: user and password', async (authMethod) => {
    const users: unknown[] = [];
    await using served = await Served.options({
      onAuth(auth, _session, callback) {
        if (auth.username !== 'abc' || auth.password !== 'def')
          return callback(new Error('Invalid username or password'));
        callback(null, { user: 123 });
      },
      onData(stream, session, callback) {
        users.push(session.user);
        stream.resume();
        stream.on('end', callback);
      },
    });
    await served.send({}, { authMethod, auth: { user: 'abc', pass: 'def' } });
    const wrong = served.send({}, { authMethod, auth: { user: 'abc', pass: 'wrong' } });
    await expect(wrong).rejects.toMatchObject({ code: 'EAUTH', response: '535 Invalid username or password' });
    await expect(served.send()).rejects.toMatchObject({ responseCode: 530 });
    expect(users).toEqual([123]);
  });

  test('of XOAUTH2: a token, refused with data in a challenge', async () => {
    await using served = await Served.options({
      authMethods: ['XOAUTH2'],
      onAuth(auth, _session, callback) {
        if (auth.method !== 'XOAUTH2') return callback(new Error('Expecting XOAUTH2'));
        if (auth.username !== 'abc' || auth.accessToken !== 'def') {
          return callback(null, { data: { status: '401', schemes: 'bearer mac', scope: 'my_smtp_access_scope_name' } });
        }
        callback(null, { user: 123 });
      },
    });
    await served.send({}, { auth: { type: 'OAuth2', user: 'abc', accessToken: 'def' } });
    const wrong = served.send({}, { auth: { type: 'OAuth2', user: 'abc', accessToken: 'wrong' } });
    await expect(wrong).rejects.toMatchObject({ responseCode: 535 });

    await using client = await served.client('EHLO client.example');
    await client.startTls(served.ca);
    await client.ask('EHLO client.example');
    const token = Buffer.from('user=abc\x01auth=Bearer wrong\x01\x01').toString('base64');
    const challenge = await client.ask(`AUTH XOAUTH2 ${token}`);
    expect(challenge).toMatch(/^334 /);
    expect(JSON.parse(Buffer.from(challenge.slice(4), 'base64').toString())).toEqual({
      status: '401',
      schemes: 'bearer mac',
      scope: 'my_smtp_access_scope_name',
    });
    expect(await client.ask('')).toMatch(/^535 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });
});

test('onConnect: no connections from localhost, whichever family listens', async () => {
  const server = new SMTPServer({
    disableReverseLookup: true,
    onConnect(session, callback) {
      if (session.remoteAddress === '127.0.0.1') return callback(new Error('No connections from localhost allowed'));
      return callback();
    },
  });
  await using served = await Served.server(server, null);
  await expect(served.send()).rejects.toMatchObject({ response: '554 No connections from localhost allowed' });
});

test('onMailFrom: only allowed@example.com may send', async () => {
  await using served = await Served.options({
    authOptional: true,
    onMailFrom(address, _session, callback) {
      if (address.address !== 'allowed@example.com') {
        return callback(new Error('Only allowed@example.com is allowed to send mail'));
      }
      return callback();
    },
  });
  await served.send({ from: 'allowed@example.com' });
  await expect(served.send({ from: 'other@example.com' })).rejects.toMatchObject({
    response: '550 Only allowed@example.com is allowed to send mail',
  });
});

test('onRcptTo: only allowed@example.com may receive', async () => {
  await using served = await Served.options({
    authOptional: true,
    onRcptTo(address, _session, callback) {
      if (address.address !== 'allowed@example.com') {
        return callback(new Error('Only allowed@example.com is allowed to receive mail'));
      }
      return callback();
    },
  });
  const { accepted, rejected } = await served.send({ to: ['allowed@example.com', 'other@example.com'] });
  expect({ accepted, rejected }).toEqual({ accepted: ['allowed@example.com'], rejected: ['other@example.com'] });
});

test('onData: the message to the console', async () => {
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  try {
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, callback) {
        stream.pipe(process.stdout);
        stream.on('end', callback);
      },
    });
    await served.send({
      raw: 'Subject: Hello\r\n\r\n.Hello\r\n',
      envelope: { from: 'a@b.example', to: 'c@d.example' },
    });
  } finally {
    stdout.mockRestore();
  }
  expect(written.join('')).toBe('Subject: Hello\r\n\r\n.Hello\r\n');
});

test('size: a stream that exceeds it is flagged, and refused with 552 by the handler', async () => {
  await using served = await Served.options({
    authOptional: true,
    size: 1024,
    onData(stream, _session, callback) {
      stream.resume();
      stream.on('end', () => {
        if (stream.sizeExceeded) {
          const error: SMTPServerError = new Error('Message exceeds fixed maximum message size');
          error.responseCode = 552;
          return callback(error);
        }
        callback(null, 'Message queued as abcdef');
      });
    },
  });
  expect((await served.send()).response).toBe('250 Message queued as abcdef');
  const large = `Subject: Hello\r\n\r\n${'x'.repeat(1024)}\r\n`;
  await expect(served.send({ raw: large })).rejects.toThrow('552 Message exceeds fixed maximum message size');
  await using client = await served.client('EHLO client.example');
  expect(await client.ask('EHLO client.example')).toContain('250 SIZE 1024');
  expect(await client.ask('MAIL FROM:<a@b.example> SIZE=1025')).toMatch(/^552 /);
});

test('lmtp: a reply for each recipient', async () => {
  await using served = await Served.options({
    lmtp: true,
    authOptional: true,
    onData(stream, session, callback) {
      stream.resume();
      stream.on('end', () => {
        callback(
          null,
          session.envelope.rcptTo.map(({ address }, index) =>
            index === 0 ? new Error(`Can not deliver to ${address}`) : `Delivered to ${address}`,
          ),
        );
      });
    },
  });
  const { accepted, rejected } = await served.send({ to: ['first@example.org', 'second@example.org'] }, { lmtp: true });
  expect({ accepted, rejected }).toEqual({ accepted: ['second@example.org'], rejected: ['first@example.org'] });

  await using client = await served.client('LHLO client.example', 'MAIL FROM:<a@b.example>');
  await say(client, 'RCPT TO:<first@example.org>', 'RCPT TO:<second@example.org>', 'DATA');
  expect(await client.ask('Hello\r\n.')).toBe('450 Can not deliver to first@example.org');
  expect(await client.reply()).toBe('250 Delivered to second@example.org');
});

test('handlers overridden in a subclass', async () => {
  class MyServer extends SMTPServer {
    readonly calls: string[] = [];

    override onConnect(_session: SMTPServerSession, callback: SMTPServerCallback): void {
      this.calls.push('onConnect');
      callback();
    }
    override onAuth(
      auth: SMTPServerAuthentication,
      _session: SMTPServerSession,
      callback: SMTPServerCallback<SMTPServerAuthenticationResponse>,
    ): void {
      this.calls.push(`onAuth ${auth.username}`);
      callback(null, { user: auth.username });
    }
    override onMailFrom(address: SMTPServerAddress, _session: SMTPServerSession, callback: SMTPServerCallback): void {
      this.calls.push(`onMailFrom ${address.address}`);
      callback();
    }
    override onRcptTo(address: SMTPServerAddress, _session: SMTPServerSession, callback: SMTPServerCallback): void {
      this.calls.push(`onRcptTo ${address.address}`);
      callback();
    }
    override onData(
      stream: SMTPServerDataStream,
      session: SMTPServerSession,
      callback: SMTPServerCallback<SMTPServerDataAnswer>,
    ): void {
      this.calls.push(`onData of ${String(session.user)}`);
      super.onData(stream, session, callback);
    }
    override onClose(_session: SMTPServerSession): void {
      this.calls.push('onClose');
      this.emit('close');
    }
  }
  const server = new MyServer({ disableReverseLookup: true });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  await using served = await Served.server(server);
  await served.send({ to: 'bob@example.org' }, { auth: { user: 'abc', pass: 'def' } });
  await closed;
  expect(server.calls).toEqual([
    'onConnect',
    'onAuth abc',
    'onMailFrom ann@example.org',
    'onRcptTo bob@example.org',
    'onData of abc',
    'onClose',
  ]);
});

describe('disabledCommands', () => {
  test('AUTH: mail without it', async () => {
    await using served = await Served.options({ disabledCommands: ['AUTH'] });
    await served.send();
    await using client = await served.client();
    expect(await client.ask('EHLO client.example')).not.toContain('AUTH');
    expect(await client.ask('AUTH PLAIN AGFiYwBkZWY=')).toMatch(/^500 /);
  });

  test('STARTTLS: authentication in clear text', async () => {
    await using served = await Served.options({
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username }, _session, callback) => callback(null, { user: username }),
    });
    await served.send({}, { auth: { user: 'abc', pass: 'def' } });
    await using client = await served.client();
    expect(await client.ask('EHLO client.example')).toContain('AUTH PLAIN LOGIN');
    expect(await client.ask('STARTTLS')).toMatch(/^500 /);
  });

  test('in any case, and one alone', async () => {
    await using served = await Served.options({ disabledCommands: ' vrfy ' });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask('VRFY ann')).toMatch(/^500 /);
  });
});

describe('what is hidden works', () => {
  test('hideSTARTTLS', async () => {
    await using served = await Served.options({
      hideSTARTTLS: true,
      onAuth: ({ username }, session, callback) => callback(null, { user: [username, session.secure] }),
      onData: (_stream, session) => JSON.stringify(session.user),
    });
    const auth = { user: 'abc', pass: 'def' };
    expect((await served.send({}, { auth })).response).toBe('250 ["abc",false]');
    expect((await served.send({}, { auth, requireTLS: true })).response).toBe('250 ["abc",true]');
    await using client = await served.client();
    expect(await client.ask('EHLO client.example')).not.toContain('STARTTLS');
  });

  test.each([
    ['PIPELINING', ''],
    ['8BITMIME', ' BODY=8BITMIME'],
    ['SMTPUTF8', ' SMTPUTF8'],
  ] as const)('hide%s', async (keyword, parameter) => {
    await using served = await Served.options({ authOptional: true, [`hide${keyword}`]: true });
    await using shown = await Served.options({ authOptional: true });
    await using client = await served.client();
    await using other = await shown.client();
    expect(await client.ask('EHLO client.example')).not.toContain(keyword);
    expect(await other.ask('EHLO client.example')).toContain(keyword);
    client.send(`MAIL FROM:<ann@example.org>${parameter}\r\nRCPT TO:<bob@example.org>\r\nNOOP\r\n`);
    expect([await client.reply(), await client.reply(), await client.reply()]).toEqual([
      expect.stringMatching(/^250 /),
      expect.stringMatching(/^250 /),
      expect.stringMatching(/^250 /),
    ]);
  });
});

test('the envelope: addresses with their arguments', async () => {
  const envelopes: unknown[] = [];
  await using served = await Served.options({
    authOptional: true,
    onData(_stream, { envelope }) {
      envelopes.push(envelope);
    },
  });
  await using client = await served.client('EHLO client.example');
  await say(
    client,
    'MAIL FROM:<sender@example.com> SIZE=12345 RET=HDRS',
    'RCPT TO:<receiver@example.com>',
    'DATA',
    '.',
  );
  expect(envelopes).toEqual([
    {
      mailFrom: { address: 'sender@example.com', args: { SIZE: '12345', RET: 'HDRS' } },
      rcptTo: [{ address: 'receiver@example.com', args: false }],
      bodyType: '7bit',
      smtpUtf8: false,
      requireTLS: false,
    },
  ]);
});

test('listen(port, host, callback), the error event of a port in use, and close(callback)', async () => {
  const server = new SMTPServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address() as { readonly port: number };

  const second = new SMTPServer();
  const failure = new Promise<Error>((resolve) => second.on('error', resolve));
  second.listen(address.port, '127.0.0.1');
  expect(await failure).toMatchObject({ code: 'EADDRINUSE' });

  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  await new Promise<void>((resolve) => server.close(resolve));
  await closed;
  expect(server.server.listening).toBe(false);
});

describe('TLS', () => {
  test('secure: true with key and cert', async () => {
    await using served = await Served.options({ secure: true, authOptional: true, ...mailIdentity });
    const tls = { ca: mailIdentity.cert, servername: 'mail.example.org' };
    await served.send({}, { secure: true, tls });
  });

  test('STARTTLS with key and cert', async () => {
    await using served = await Served.options({ authOptional: true, ...mailIdentity });
    await served.send({}, { requireTLS: true, tls: { ca: mailIdentity.cert, servername: 'mail.example.org' } });
  });

  test('no key: the built-in certificate for localhost', async () => {
    await using served = await Served.options({ secure: true, authOptional: true });
    await served.send({}, { secure: true });
  });

  test.each([
    ['an object', { 'mail.example.org': mailIdentity, 'BÜCHER.example': internationalIdentity }],
    [
      'a Map',
      new Map(Object.entries({ 'MAIL.example.org': mailIdentity, 'xn--bcher-kva.example': internationalIdentity })),
    ],
  ])('sniOptions as %s', async (_kind, sniOptions) => {
    for (const secure of [true, false]) {
      await using served = await Served.options({ secure, authOptional: true, sniOptions });
      const send = (servername: string, ca: string) =>
        served.send({}, { secure, requireTLS: !secure, tls: { ca, servername } });
      await send('mail.example.org', mailIdentity.cert);
      await send('xn--bcher-kva.example', internationalIdentity.cert);
      await send('localhost', served.ca);
    }
  });

  test('requestCert, rejectUnauthorized and ca: clients by certificate', async () => {
    const wanted = { requestCert: true, rejectUnauthorized: true, ca: clientIdentity.cert };
    await using served = await Served.options({ secure: true, ...wanted });
    const greeting = (identity: object): Promise<string> =>
      new Promise((resolve, reject) => {
        const { host, port } = served;
        const socket = connectTls({ host, port, ca: served.ca, servername: 'localhost', ...identity });
        socket.setEncoding('latin1').on('data', (text: string) => (resolve(text) as unknown) && socket.destroy());
        socket.on('error', reject).on('close', () => reject(new Error('closed without a greeting')));
      });
    expect(await greeting(clientIdentity)).toMatch(/^220 /);
    await expect(greeting({})).rejects.toThrow(/certificate required/);
    await expect(greeting(mailIdentity)).rejects.toThrow('closed without a greeting');
  });
});

test('logger: the dialogue, without its secrets', async () => {
  const log: string[] = [];
  const level = (name: string) => (fields: object, text: string) =>
    void log.push(`${name} ${'sid' in fields ? 'sid ' : ''}${text}`);
  await using served = await Served.options({
    allowInsecureAuth: true,
    logger: { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
    onAuth: (_auth, _session, callback) => callback(null, { user: 'abc' }),
  });
  await using client = await served.client('EHLO client.example');
  await say(client, 'AUTH PLAIN AGFiYwBkZWY=', 'QUIT');
  await client.end();
  expect(log).toContain(
    'warn No key and cert given: TLS has the built-in certificate for localhost, whose key is public',
  );
  expect(log).toContain('debug sid C: AUTH PLAIN ********');
  expect(log).toContain('debug sid S: 221 Bye');
  expect(log.join('\n')).not.toContain('AGFiYwBkZWY=');
});
