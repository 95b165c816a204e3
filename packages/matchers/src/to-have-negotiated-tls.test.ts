import { describe, expect, test } from 'vitest';
import { newServer, newSession, newTls } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { TlsExpectation } from './to-have-negotiated-tls.ts';

const hidden = newSession({ tls: newTls({ advertised: false }), transactions: [{}] });
const clear = newSession({ number: 2 });
const distrusted = newSession({
  number: 3,
  problem: 'TLS handshake failed: unknown ca',
  closedBy: 'client',
  lines: [
    'S: 220 localhost ESMTP',
    'C: EHLO client.example',
    'S: 250-localhost greets client.example',
    'S: 250-SIZE',
    'S: 250-PIPELINING',
    'S: 250 STARTTLS',
    'C: STARTTLS',
    'S: 220 2.0.0 Ready to start TLS',
    '* TLS handshake failed: unknown ca',
    '* closed by client',
  ],
});

describe('TLS', () => {
  test.each<TlsExpectation>([
    {},
    { via: 'starttls' },
    { via: 'starttls', advertised: false },
    { version: 'TLSv1.3' },
    { version: /^TLSv1\.[23]$/ },
    { servername: expect.stringContaining('local') },
    { clientCertificate: null },
  ])('is %j', async (expected) => {
    await holds((expect) => expect(hidden).toHaveNegotiatedTls(expected));
    await failureOf((expect) => expect(hidden).not.toHaveNegotiatedTls(expected));
  });

  test.each<TlsExpectation>([
    { via: 'implicit' },
    { advertised: true },
    { version: 'TLSv1.2' },
    { servername: null },
    { clientCertificate: /.*/ },
    { via: 'starttls', advertised: true },
  ])('is not %j', async (expected) => {
    await holds((expect) => expect(hidden).not.toHaveNegotiatedTls(expected));
    await failureOf((expect) => expect(hidden).toHaveNegotiatedTls(expected));
  });

  test('was not negotiated in clear text', async () => {
    await holds((expect) => expect(clear).not.toHaveNegotiatedTls());
    await holds((expect) => expect(clear).not.toHaveNegotiatedTls({ advertised: false }));
  });
});

describe('the failure', () => {
  test('of a session under another TLS', async () => {
    const expected = { via: 'starttls', advertised: true } as const;
    expect(await failureOf((expect) => expect(hidden).toHaveNegotiatedTls(expected))).toMatchInlineSnapshot(`
      "expect(session).toHaveNegotiatedTls(expected)

      Expected: { via: 'starttls', advertised: true }
      Received: { via: 'starttls', advertised: false, version: 'TLSv1.3', servername: 'localhost', clientCertificate: null }

      First difference: advertised
        Expected: true
        Received: false

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a session whose handshake failed', async () => {
    expect(await failureOf((expect) => expect(distrusted).toHaveNegotiatedTls({ via: 'starttls' })))
      .toMatchInlineSnapshot(`
        "expect(session).toHaveNegotiatedTls(expected)

        Expected: { via: 'starttls' }
        Received: no TLS

        The end of session 3 (TLS handshake failed: unknown ca):
          S: 250-localhost greets client.example
          S: 250-SIZE
          S: 250-PIPELINING
          S: 250 STARTTLS
          C: STARTTLS
          S: 220 2.0.0 Ready to start TLS
          * TLS handshake failed: unknown ca
          * closed by client"
      `);
  });

  test('of a server: any TLS is nearer than none', async () => {
    const server = newServer([hidden, clear]);
    const expected = { via: 'implicit', version: 'TLSv1.2', servername: null } as const;
    expect(await failureOf((expect) => expect(server).toHaveNegotiatedTls(expected))).toMatchInlineSnapshot(`
      "expect(server).toHaveNegotiatedTls(expected)

      Expected: { via: 'implicit', version: 'TLSv1.2', servername: null }
      Received: nothing like that in 2 sessions

      Nearest: session 1, { via: 'starttls', advertised: false, version: 'TLSv1.3', servername: 'localhost', clientCertificate: null }
      First difference: via
        Expected: 'implicit'
        Received: 'starttls'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a server without TLS', async () => {
    expect(await failureOf((expect) => expect(newServer([distrusted, clear])).toHaveNegotiatedTls()))
      .toMatchInlineSnapshot(`
        "expect(server).toHaveNegotiatedTls()

        Expected: any TLS
        Received: nothing like that in 2 sessions

        Nearest: session 3, no TLS

        The end of session 3 (TLS handshake failed: unknown ca):
          S: 250-localhost greets client.example
          S: 250-SIZE
          S: 250-PIPELINING
          S: 250 STARTTLS
          C: STARTTLS
          S: 220 2.0.0 Ready to start TLS
          * TLS handshake failed: unknown ca
          * closed by client"
      `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(newServer([clear, hidden])).not.toHaveNegotiatedTls()))
      .toMatchInlineSnapshot(`
        "expect(server).not.toHaveNegotiatedTls()

        Expected: no TLS
        Received: session 1, { via: 'starttls', advertised: false, version: 'TLSv1.3', servername: 'localhost', clientCertificate: null }

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });
});

test.each<[problem: string, expected: unknown]>([
  ["takes an object with via, advertised, version, servername, clientCertificate, not 'implicit'.", 'implicit'],
  [
    "'cipher' is no field of it. There are: via, advertised, version, servername, clientCertificate.",
    { cipher: 'TLS_AES_256_GCM_SHA384' },
  ],
  ["via must be 'starttls' or 'implicit', not 'tls'.", { via: 'tls' }],
  ['advertised must be true or false, not null.', { advertised: null }],
  ['version must be a string, a RegExp or an asymmetric matcher, not 1.3.', { version: 1.3 }],
])('an expectation that can not be meant is refused: %s', async (problem, expected) => {
  const error = await errorOf((expect) => expect(clear).not.toHaveNegotiatedTls(expected as TlsExpectation));
  expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveNegotiatedTls: ${problem}` });
});
