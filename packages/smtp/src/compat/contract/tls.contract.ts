// TLS from the first octet, by this server or by one before it.
import type { TLSSocket } from 'node:tls';
import { expect } from 'vitest';
import { codeOf, codes, EHLO, extensionsOf, MAIL } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import { handshake, isServed, tlsView } from './tls-client.ts';

export function describeTls(contract: Contract): void {
  describeImplicitTls(contract);
  describeSecured(contract);
}

function describeImplicitTls({ test }: Contract): void {
  test('secure: the greeting comes under TLS, and STARTTLS is neither listed nor possible', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true });
    const client = await served.secured();
    expect(codeOf(await client.reply())).toBe('220');
    expect(extensionsOf(await client.ask(EHLO))).not.toContain('STARTTLS');
    expect(await codes(client, 'STARTTLS', MAIL)).toEqual(['503', '250']);
  });

  test('secure: onConnect sees the session under TLS already', async (t) => {
    const views: unknown[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      secure: true,
      onConnect(session, callback) {
        views.push(tlsView(session));
        callback();
      },
    });
    const client = await served.secured();
    await client.reply();
    const { name } = (client.socket as TLSSocket).getCipher();
    expect(views).toEqual([expect.objectContaining({ secure: true, tlsOptions: expect.objectContaining({ name }) })]);
  });

  test('secure: without key and cert there is a certificate for localhost that clients can verify', async (t) => {
    await using served = await t.serve({ secure: true });
    const socket = await handshake(served, 'implicit TLS');
    expect(socket.authorized).toBe(true);
    expect(await isServed(socket)).toBe(true);
  });

  test('secure: the certificate for localhost is one of an elliptic curve, and valid beyond 2100', async (t) => {
    await using served = await t.serve({ secure: true });
    const certificate = (await handshake(served, 'implicit TLS')).getPeerX509Certificate();
    expect(certificate?.publicKey.asymmetricKeyType).toBe('ec');
    expect(new Date(certificate?.validTo ?? 0).getUTCFullYear()).toBeGreaterThan(2100);
  });
}

/** Others have ended its TLS. */
function describeSecured({ test }: Contract): void {
  for (const secure of [true, false]) {
    test(`secured, secure ${secure}: clear text, in a session that is secure`, async (t) => {
      const views: unknown[] = [];
      await using served = await t.serve({
        ...IDENTITY,
        secure,
        secured: true,
        onMailFrom(_address, session, callback) {
          views.push(tlsView(session));
          callback();
        },
      });
      const client = await served.client();
      expect(extensionsOf(await client.ask(EHLO))).not.toContain('STARTTLS');
      expect(await codes(client, 'STARTTLS', MAIL)).toEqual(['503', '250']);
      expect(views).toEqual([{ secure: true, transmissionType: 'ESMTPS', tlsOptions: false, servername: undefined }]);
    });
  }
}
