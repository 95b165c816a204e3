// The rules of a handshake: options of tls.createServer, for implicit TLS and STARTTLS alike.
import { createPrivateKey } from 'node:crypto';
import { expect } from 'vitest';
import { mailIdentity } from '../testing/identities.ts';
import { EHLO } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import { handshake, reaches, TLS_MODES, TLS_VERSIONS, tlsOptions, toMail } from './tls-client.ts';

export function describeTlsOptions({ test }: Contract): void {
  for (const mode of TLS_MODES) {
    test(`key and cert, ${mode}`, async (t) => {
      await using served = await t.serve({ ...tlsOptions(mode), ...mailIdentity });
      expect(await reaches(served, mode, toMail)).toBe(true);
    });

    test(`a key with a passphrase, ${mode}`, async (t) => {
      const passphrase = 'open sesame';
      const key = createPrivateKey(IDENTITY.key).export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase,
      });
      await using served = await t.serve({ ...tlsOptions(mode), key, passphrase });
      expect(await reaches(served, mode)).toBe(true);
    });

    test(`minVersion, ${mode}`, async (t) => {
      await using served = await t.serve({ ...tlsOptions(mode), minVersion: 'TLSv1.3' });
      expect(await reaches(served, mode, { maxVersion: 'TLSv1.2' })).toBe(false);
      expect(await reaches(served, mode)).toBe(true);
    });

    test(`maxVersion, ${mode}`, async (t) => {
      await using served = await t.serve({ ...tlsOptions(mode), maxVersion: 'TLSv1.2' });
      expect((await handshake(served, mode)).getProtocol()).toBe('TLSv1.2');
      expect(await reaches(served, mode, { minVersion: 'TLSv1.3' })).toBe(false);
    });

    test(`ciphers, ${mode}`, async (t) => {
      const ciphers = 'ECDHE-ECDSA-CHACHA20-POLY1305';
      await using served = await t.serve({ ...tlsOptions(mode), maxVersion: 'TLSv1.2', ciphers });
      expect((await handshake(served, mode)).getCipher().name).toBe(ciphers);
      expect(await reaches(served, mode, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).toBe(false);
    });

    test(`ALPNProtocols, ${mode}`, async (t) => {
      await using served = await t.serve({ ...tlsOptions(mode), ALPNProtocols: ['smtp'] });
      expect((await handshake(served, mode, { ALPNProtocols: ['imap', 'smtp'] })).alpnProtocol).toBe('smtp');
      expect((await handshake(served, mode)).alpnProtocol).toBe(false);
    });

    test(`handshakeTimeout, ${mode}`, async (t) => {
      await using served = await t.serve({ ...tlsOptions(mode), handshakeTimeout: 100 });
      const client = mode === 'STARTTLS' ? await served.client(EHLO, 'STARTTLS') : await served.connected();
      expect(await client.end()).toBe('');
    });

    test(`tlsOptions of the session is the cipher of the handshake, ${mode}`, async (t) => {
      const ciphers: unknown[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        onSecure(_socket, session, callback) {
          ciphers.push(session.tlsOptions);
          callback();
        },
      });
      for (const maxVersion of TLS_VERSIONS) {
        const { name, standardName, version } = (await handshake(served, mode, { maxVersion })).getCipher();
        expect(ciphers.shift()).toEqual({ name, standardName, version });
      }
    });
  }
}
