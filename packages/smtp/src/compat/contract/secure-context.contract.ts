// updateSecureContext and secureContext: certificates that change while the server runs.
import { expect } from 'vitest';
import { internationalIdentity, mailIdentity } from '../testing/identities.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import {
  handshake,
  isServed,
  reaches,
  TLS_MODES,
  tlsOptions,
  MAIL_HOST,
  toMail,
  toInternational,
  type TlsMode,
} from './tls-client.ts';

export function describeSecureContext(contract: Contract): void {
  for (const mode of TLS_MODES) describeUpdates(contract, mode);
  describeContexts(contract);
}

function describeUpdates({ test }: Contract, mode: TlsMode): void {
  test(`updateSecureContext: the next handshake sees the new certificate, ${mode}`, async (t) => {
    await using served = await t.serve(tlsOptions(mode));
    const before = await handshake(served, mode);
    served.server.updateSecureContext(mailIdentity);
    expect(await reaches(served, mode, toMail)).toBe(true);
    expect(await reaches(served, mode)).toBe(false);
    // A session of before goes on.
    expect(await isServed(before)).toBe(true);
  });

  test(`updateSecureContext: new rules for the certificate that stays, ${mode}`, async (t) => {
    await using served = await t.serve(tlsOptions(mode));
    served.server.updateSecureContext({ minVersion: 'TLSv1.3' });
    expect(await reaches(served, mode, { maxVersion: 'TLSv1.2' })).toBe(false);
    expect(await reaches(served, mode)).toBe(true);
  });

  test(`updateSecureContext: the certificates of sniOptions stay, ${mode}`, async (t) => {
    await using served = await t.serve({ ...tlsOptions(mode), sniOptions: { [MAIL_HOST]: mailIdentity } });
    served.server.updateSecureContext(internationalIdentity);
    expect(await reaches(served, mode, toMail)).toBe(true);
    expect(await reaches(served, mode, toInternational)).toBe(true);
  });

  test(`updateSecureContext: new sniOptions, ${mode}`, async (t) => {
    await using served = await t.serve(tlsOptions(mode));
    const options: ContractOptions = { sniOptions: { [MAIL_HOST]: mailIdentity } };
    served.server.updateSecureContext(options);
    expect(await reaches(served, mode, toMail)).toBe(true);
    expect(await reaches(served, mode)).toBe(true);
  });

  test(`updateSecureContext: a key that can't be read throws, and what was stays, ${mode}`, async (t) => {
    await using served = await t.serve(tlsOptions(mode));
    expect(() => served.server.updateSecureContext({ key: 'no key' })).toThrow(/routines/);
    expect(await reaches(served, mode)).toBe(true);
  });
}

function describeContexts({ test }: Contract): void {
  for (const secure of [true, false]) {
    test(`secureContext: a Map of contexts, by servername, secure ${secure}`, async (t) => {
      const server = t.newServer({ ...IDENTITY, secure, sniOptions: { 'Mail.Example.ORG': mailIdentity } });
      expect(server.secureContext).toBeInstanceOf(Map);
      expect([...server.secureContext.keys()]).toEqual(['*', MAIL_HOST]);
      const [context] = server.secureContext.values();
      expect(context).toHaveProperty('context');
    });
  }

  test('secureContext: updateSecureContext puts new ones in it', async (t) => {
    const server = t.newServer({ ...IDENTITY, sniOptions: { [MAIL_HOST]: mailIdentity } });
    const before = server.secureContext.get('*');
    server.updateSecureContext(internationalIdentity);
    expect([...server.secureContext.keys()]).toEqual(['*', MAIL_HOST]);
    expect(server.secureContext.get('*')).not.toBe(before);
  });

  test('updateSecureContext: the options of the server are the new ones', async (t) => {
    const server = t.newServer({ ...IDENTITY, name: 'mx.example.org' });
    server.updateSecureContext(mailIdentity);
    expect(server.options).toMatchObject({ ...mailIdentity, name: 'mx.example.org' });
  });

  test("a key that can't be read: the constructor throws", async (t) => {
    expect(() => t.newServer({ key: 'no key', cert: 'no certificate' })).toThrow(/routines/);
  });
}
