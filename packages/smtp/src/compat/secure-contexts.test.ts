import { once } from 'node:events';
import { connect, createSecureContext, type ConnectionOptions, type SecureContext, type TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { clientIdentity, internationalIdentity, mailIdentity } from './testing/identities.ts';
import { Served } from './testing/served.ts';
import type { SMTPServerOptions } from './options.ts';
import { SecureContexts } from './secure-contexts.ts';
import { SMTPServer } from './smtp-server.ts';

const MAIL_HOST = 'mail.example.org';
const MAIL: ConnectionOptions = { servername: MAIL_HOST, ca: mailIdentity.cert };

/** A socket after its handshake, and after a reply: tickets of TLS 1.3 come in between. */
async function handshake(served: Served, secure: boolean, options: ConnectionOptions): Promise<TLSSocket> {
  const { host, port, ca } = served;
  if (secure) return talk(connect({ host, port, ca, servername: 'localhost', ...options }));
  const client = await served.client('EHLO client.example', 'STARTTLS');
  const socket = client.socket.removeAllListeners();
  return talk(connect({ socket, ca, servername: 'localhost', ...options }));
}

async function talk(socket: TLSSocket): Promise<TLSSocket> {
  await once(socket, 'secureConnect');
  socket.write('EHLO client.example\r\n');
  for await (const octets of socket.iterator({ destroyOnReturn: false })) {
    if (/^250 /m.test(String(octets))) break;
  }
  return socket;
}

describe.each([
  ['implicit TLS', true],
  ['STARTTLS', false],
])('a client with a certificate comes back, %s', (_mode, secure) => {
  const options: [string, SMTPServerOptions, ConnectionOptions][] = [
    ['the default context', {}, {}],
    ['a named context', { sniOptions: { [MAIL_HOST]: { ...mailIdentity, ca: clientIdentity.cert } } }, MAIL],
    ['sessionIdContext given', { sessionIdContext: 'mine' }, {}],
    ['sessionIdContext undefined', { sessionIdContext: undefined }, {}],
  ];
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test.each(options)(`${version}, %s`, async (_what, serverOptions, clientOptions) => {
      const seen: unknown[] = [];
      await using served = await Served.options({
        secure,
        authOptional: true,
        requestCert: true,
        rejectUnauthorized: true,
        ca: clientIdentity.cert,
        ...serverOptions,
        onSecure(socket, _session, callback) {
          const secured = socket as TLSSocket;
          seen.push([secured.authorized, secured.isSessionReused(), secured.getPeerCertificate().subject.CN]);
          callback();
        },
      });
      const client = { ...clientIdentity, minVersion: version, maxVersion: version, ...clientOptions };
      const first = await handshake(served, secure, client);
      const session = first.getSession()!;
      first.destroy();
      const second = await handshake(served, secure, { ...client, session });
      expect(second.isSessionReused()).toBe(true);
      second.destroy();
      expect(seen).toEqual([
        [true, false, 'client'],
        [true, true, 'client'],
      ]);
    });
  }
});

describe('sessionIdContext', () => {
  const ticketKeys = Buffer.alloc(48, 7);
  const own = { ...mailIdentity, ca: clientIdentity.cert, ticketKeys };

  test.each<[string, (name: string) => SMTPServerOptions]>([
    ['of the default context', (sessionIdContext) => ({ ...own, sessionIdContext })],
    [
      'counts for a named context too, and',
      (sessionIdContext) => ({ sessionIdContext, sniOptions: { [MAIL_HOST]: own } }),
    ],
  ])('%s tells whose sessions are resumed', async (_what, optionsOf) => {
    const serve = (sessionIdContext: string): Promise<Served> =>
      Served.options({
        secure: true,
        authOptional: true,
        requestCert: true,
        ticketKeys,
        ...optionsOf(sessionIdContext),
      });
    await using first = await serve('one');
    await using same = await serve('one');
    await using other = await serve('two');
    const client = { ...clientIdentity, ...MAIL };
    const socket = await handshake(first, true, client);
    const resuming = { ...client, session: socket.getSession()! };
    const sockets = [await handshake(same, true, resuming), await handshake(other, true, resuming)];
    expect(sockets.map((resumed) => resumed.isSessionReused())).toEqual([true, false]);
    for (const open of [socket, ...sockets]) open.destroy();
  });
});

describe('SNICallback', () => {
  test.each<[string, (done: (error: Error | null, context?: SecureContext) => void) => void, ConnectionOptions]>([
    ['that gives no context leaves it to sniOptions', (done) => done(null), MAIL],
    ['that fails leaves it to sniOptions', (done) => done(new Error('Unknown')), MAIL],
    [
      'that gives one goes before them',
      (done) => done(null, createSecureContext(internationalIdentity)),
      { ...MAIL, ca: internationalIdentity.cert, checkServerIdentity: () => undefined },
    ],
  ])('%s', async (_what, SNICallback, client) => {
    await using served = await Served.options({
      secure: true,
      sniOptions: { [MAIL_HOST]: mailIdentity },
      SNICallback: (_servername, done) => SNICallback(done),
    });
    const socket = await handshake(served, true, client);
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });
});

describe('with a bad key', () => {
  const malformed = { key: 'none', cert: 'none' };
  const bad: [string, SMTPServerOptions, RegExp][] = [
    ['that is none', malformed, /PEM/],
    ['of another certificate', { key: mailIdentity.key, cert: internationalIdentity.cert }, /mismatch/],
    ['for a name', { ...internationalIdentity, sniOptions: { 'a.example': malformed } }, /PEM/],
  ];

  test.each(bad)('%s an update changes nothing', (_what, options, failure) => {
    const sniOptions = { 'a.example': mailIdentity };
    const contexts = new SecureContexts({ ...mailIdentity, requestCert: true, sniOptions });
    const before = [...contexts.byServername];
    expect(() => contexts.update({ ...options, requestCert: false })).toThrow(failure);
    expect(contexts.byServername.size).toBe(before.length);
    for (const [servername, context] of before) expect(contexts.byServername.get(servername)).toBe(context);
    expect(contexts.options.requestCert).toBe(true);
  });

  test.each(bad)('%s updateSecureContext leaves the options as they are', (_what, options, failure) => {
    const server = new SMTPServer({ ...mailIdentity, size: 1 });
    const before = { ...server.options };
    const changed: SMTPServerOptions = { ...options, size: 2 };
    expect(() => server.updateSecureContext(changed)).toThrow(failure);
    expect(server.options).toEqual(before);
  });
});
