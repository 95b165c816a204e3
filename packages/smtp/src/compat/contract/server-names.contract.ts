// The certificate that a client gets for the name it asks for: sniOptions and SNICallback.
import { createSecureContext } from 'node:tls';
import { expect } from 'vitest';
import { internationalIdentity, mailIdentity } from '../testing/identities.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import {
  reaches,
  TLS_MODES,
  tlsOptions,
  MAIL_HOST,
  INTERNATIONAL_HOST,
  toMail,
  toInternational,
} from './tls-client.ts';

export function describeServerNames({ test }: Contract): void {
  for (const mode of TLS_MODES) {
    const sniOptions = { 'Mail.Example.ORG': mailIdentity, 'BÜCHER.example': internationalIdentity };

    for (const [what, byName] of [
      ['an object', sniOptions],
      ['a Map', new Map(Object.entries(sniOptions))],
    ] as const) {
      test(`sniOptions: ${what}: each name its certificate, in whatever case and in punycode, ${mode}`, async (t) => {
        await using served = await t.serve({ ...tlsOptions(mode), sniOptions: byName });
        expect(await reaches(served, mode, toMail)).toBe(true);
        expect(await reaches(served, mode, { ...toMail, servername: 'MAIL.example.ORG' })).toBe(true);
        expect(await reaches(served, mode, toInternational)).toBe(true);
      });
    }

    test(`sniOptions: a name in punycode serves as well, ${mode}`, async (t) => {
      await using served = await t.serve({
        ...tlsOptions(mode),
        sniOptions: { [INTERNATIONAL_HOST]: internationalIdentity },
      });
      expect(await reaches(served, mode, toInternational)).toBe(true);
    });

    test(`sniOptions: any other name, and none, gets the certificate of the server, ${mode}`, async (t) => {
      await using served = await t.serve({ ...tlsOptions(mode), sniOptions });
      expect(await reaches(served, mode)).toBe(true);
      expect(await reaches(served, mode, { servername: '', checkServerIdentity: () => undefined })).toBe(true);
    });

    test(`servername of the session: the name, false without one, ${mode}`, async (t) => {
      const names: unknown[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        onSecure(_socket, session, callback) {
          names.push(String(session.servername).toLowerCase());
          callback();
        },
      });
      await reaches(served, mode, { servername: 'LocalHost' });
      await reaches(served, mode, { servername: '', checkServerIdentity: () => undefined });
      expect(names).toEqual(['localhost', 'false']);
    });

    test(`SNICallback: gives the context, is told the name, and precedes sniOptions, ${mode}`, async (t) => {
      const names: string[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        sniOptions: { [MAIL_HOST]: IDENTITY },
        SNICallback(name, callback) {
          names.push(name);
          callback(null, createSecureContext(mailIdentity));
        },
      });
      expect(await reaches(served, mode, { ...toMail, servername: 'Mail.example.org' })).toBe(true);
      expect(names).toEqual([MAIL_HOST]);
    });

    test(`SNICallback: may take its time, ${mode}`, async (t) => {
      await using served = await t.serve({
        ...tlsOptions(mode),
        SNICallback: (_name, callback) => setImmediate(callback, null, createSecureContext(mailIdentity)),
      });
      expect(await reaches(served, mode, toMail)).toBe(true);
    });

    for (const [what, error] of [
      ['without a context', null],
      ['with an error', new Error('Unknown')],
    ] as const) {
      test(`SNICallback: called back ${what}: the certificate of the server, ${mode}`, async (t) => {
        await using served = await t.serve({
          ...tlsOptions(mode),
          SNICallback: (_name, callback) => callback(error),
        });
        expect(await reaches(served, mode)).toBe(true);
      });
    }

    test(`SNICallback: not called without a name, ${mode}`, async (t) => {
      const names: string[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        SNICallback(name, callback) {
          names.push(name);
          callback(null);
        },
      });
      await reaches(served, mode, { servername: '', checkServerIdentity: () => undefined });
      expect(names).toEqual([]);
    });
  }
}
