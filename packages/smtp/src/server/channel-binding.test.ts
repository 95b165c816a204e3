import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect, createSecureContext, type ConnectionOptions, type TLSSocket, type TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { certificatesBySignature } from '../testing/certificates-by-signature.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { systemClock } from './clock.ts';
import { channelBindingOf, hashCertificate } from './channel-binding.ts';
import { beginHandshake, type TlsMaterial } from './tls.ts';
import { withResolvers } from './with-resolvers.ts';

const PATIENCE = { clock: systemClock, handshakeTimeout: 10_000 };

/** Both ends of a TLS connection over loopback. */
class Channel implements Disposable {
  readonly server: TLSSocket;
  readonly client: TLSSocket;

  private constructor(server: TLSSocket, client: TLSSocket) {
    this.server = server;
    this.client = client;
  }

  static async open(
    options: ConnectionOptions = {},
    material: TlsMaterial = { secureContext: createSecureContext(testCertificate) },
  ): Promise<Channel> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const secured = withResolvers<TLSSocket>();
    listener.once('connection', (socket) => {
      const server = beginHandshake(socket, material, PATIENCE, (failure) => {
        if (failure === null) secured.resolve(server);
        else secured.reject(failure);
      });
    });
    const { port } = listener.address() as AddressInfo;
    const client = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: testCertificate.cert, ...options });
    const [server] = await Promise.all([secured.promise, once(client, 'secureConnect')]);
    listener.close();
    return new Channel(server, client);
  }

  [Symbol.dispose](): void {
    this.client.destroy();
    this.server.destroy();
  }
}

describe('tls-exporter (RFC 9266)', () => {
  test('is the same on both sides, and another one for each connection', async () => {
    using channel = await Channel.open();
    using another = await Channel.open();
    const exported = (client: TLSSocket): Buffer =>
      client.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    const data = channelBindingOf(channel.server, 'tls-exporter')!;
    expect(data).toHaveLength(32);
    expect(data).toEqual(exported(channel.client));
    expect(channelBindingOf(another.server, 'tls-exporter')).toEqual(exported(another.client));
    expect(channelBindingOf(another.server, 'tls-exporter')).not.toEqual(data);
  });

  test('is not there before TLS 1.3', async () => {
    using channel = await Channel.open({ maxVersion: 'TLSv1.2' });
    expect(channel.server.getProtocol()).toBe('TLSv1.2');
    expect(channelBindingOf(channel.server, 'tls-exporter')).toBeUndefined();
  });
});

describe('tls-server-end-point (RFC 5929 §4)', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is the hash of the certificate that the client sees, in %s',
    async (version) => {
      using channel = await Channel.open({ minVersion: version, maxVersion: version });
      const seen = createHash('sha256').update(channel.client.getPeerCertificate().raw).digest();
      expect(channelBindingOf(channel.server, 'tls-server-end-point')).toEqual(seen);
    },
  );

  test('is not there without a certificate (RFC 4279)', async () => {
    const psk = Buffer.from('a key that both have');
    const suite = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
    const pskOptions: TlsOptions = { pskCallback: () => psk };
    using channel = await Channel.open(
      { ...suite, pskCallback: () => ({ psk, identity: 'ann' }), checkServerIdentity: () => undefined },
      { secureContext: createSecureContext(suite), options: pskOptions },
    );
    expect(channelBindingOf(channel.server, 'tls-server-end-point')).toBeUndefined();
  });

  test.each([
    ['MD5 with RSA', 'sha256'],
    ['SHA-1 with RSA', 'sha256'],
    ['SHA-256 with RSA', 'sha256'],
    ['SHA-384 with RSA', 'sha384'],
    ['SHA-512 with RSA', 'sha512'],
    ['SHA-1 with ECDSA', 'sha256'],
    ['SHA-256 with ECDSA', 'sha256'],
    ['SHA-384 with ECDSA', 'sha384'],
    ['SHA-512 with ECDSA', 'sha512'],
  ])('of a certificate signed by %s is %s', (signature, hash) => {
    const certificate = certificateSignedBy(signature);
    expect(hashCertificate(certificate)).toEqual(createHash(hash).update(certificate).digest());
  });

  test.each(['Ed25519', 'RSASSA-PSS'])('of one signed by %s is not there', (signature) => {
    expect(hashCertificate(certificateSignedBy(signature))).toBeUndefined();
  });

  test('of what is no certificate is not there', () => {
    for (const octets of [[], [0x30], [0x30, 0x84], [0x30, 0x00], [0x30, 0xff, 0xff]])
      expect(hashCertificate(Buffer.from(octets))).toBeUndefined();
  });
});

test('there is no other type', async () => {
  using channel = await Channel.open();
  for (const type of ['tls-unique', 'tls-unique-for-telnet', 'TLS-EXPORTER', '', 'constructor'])
    expect(channelBindingOf(channel.server, type)).toBeUndefined();
});

test('there is none when the connection is gone', async () => {
  using channel = await Channel.open();
  channel.server.destroy();
  for (const type of ['tls-exporter', 'tls-server-end-point'])
    expect(channelBindingOf(channel.server, type)).toBeUndefined();
});

function certificateSignedBy(signature: string): Buffer {
  return new X509Certificate(Buffer.from(certificatesBySignature[signature]!, 'base64')).raw;
}
