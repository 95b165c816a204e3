import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect, createSecureContext } from 'node:tls';
import { describe, expect, test } from 'vitest';
import {
  withCommonName,
  withEmail,
  withoutName,
  withQuotedNames,
  withTwoNames,
  type ClientCertificate,
} from '../testing/client-certificates.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { systemClock } from './clock.ts';
import { clientIdentityOf } from './client-identity.ts';
import { beginHandshake, type TlsMaterial } from './tls.ts';
import { withResolvers } from './with-resolvers.ts';

const PATIENCE = { clock: systemClock, handshakeTimeout: 10_000 };

/** Who the server takes a client for that shows this certificate; `trusted` are those that it verifies. */
async function identityBy(
  certificate: ClientCertificate | undefined,
  trusted: readonly ClientCertificate[],
  { destroyed = false } = {},
): Promise<string | null> {
  const material: TlsMaterial = {
    secureContext: createSecureContext({ ...testCertificate, ca: trusted.map(({ cert }) => cert) }),
    options: { requestCert: true, rejectUnauthorized: false },
  };
  const identity = withResolvers<string | null>();
  const listener = createServer((socket) => {
    const server = beginHandshake(socket, material, PATIENCE, (failure) => {
      if (failure !== null) return identity.reject(failure);
      if (destroyed) server.destroy();
      identity.resolve(clientIdentityOf(server));
      server.destroy();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const client = connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ca: testCertificate.cert,
    ...certificate,
  });
  client.on('error', () => {});
  try {
    return await identity.promise;
  } finally {
    client.destroy();
    listener.close();
  }
}

describe('the identity in a client’s certificate', () => {
  test.each<[string, ClientCertificate, string | null]>([
    ['its first e-mail address', withEmail, 'ann@example.org'],
    ['its common name where it has no e-mail address', withCommonName, 'ann'],
    ['the first of two common names', withTwoNames, 'ann'],
    ['an e-mail address that Node quotes, and none out of another name', withQuotedNames, "o'brien@example.org"],
    ['nobody where it has neither', withoutName, null],
  ])('is %s', async (_what, certificate, identity) => {
    expect(await identityBy(certificate, [certificate])).toBe(identity);
  });

  test('is nobody’s where nobody trusts it', async () => {
    expect(await identityBy(withEmail, [])).toBeNull();
    expect(await identityBy(withEmail, [withCommonName])).toBeNull();
  });

  test('is nobody’s where there is no certificate', async () => {
    expect(await identityBy(undefined, [withEmail])).toBeNull();
  });

  test('is nobody’s when the connection is gone', async () => {
    expect(await identityBy(withEmail, [withEmail], { destroyed: true })).toBeNull();
  });
});
