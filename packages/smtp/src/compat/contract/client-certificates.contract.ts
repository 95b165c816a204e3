// Certificates of clients: requestCert and rejectUnauthorized.
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { expect } from 'vitest';
import { clientIdentity, mailIdentity } from '../testing/identities.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import type { ServedServer } from './served-server.ts';
import { nextError, reaches, TLS_MODES, TLS_VERSIONS, tlsOptions, MAIL_HOST } from './tls-client.ts';

export function describeClientCertificates({ test }: Contract): void {
  for (const mode of TLS_MODES) {
    const clients: readonly (readonly [string, ConnectionOptions])[] = [
      ['trusted', clientIdentity],
      ['untrusted', mailIdentity],
      ['missing', {}],
    ];

    /** Who was let in: subject and whether it was trusted. */
    async function admitted(served: ServedServer, client: ConnectionOptions): Promise<boolean[]> {
      const answers: boolean[] = [];
      for (const maxVersion of TLS_VERSIONS) answers.push(await reaches(served, mode, { ...client, maxVersion }));
      return answers;
    }

    for (const [what, client] of clients) {
      const request: ContractOptions = { ...tlsOptions(mode), requestCert: true, ca: clientIdentity.cert };
      const trusted = what === 'trusted';

      test(`requestCert and rejectUnauthorized: a client certificate that is ${what}, ${mode}`, async (t) => {
        let calls = 0;
        await using served = await t.serve({
          ...request,
          rejectUnauthorized: true,
          onSecure(_socket, _session, callback) {
            calls++;
            callback();
          },
        });
        expect(await admitted(served, client)).toEqual([trusted, trusted]);
        expect(calls).toBe(trusted ? 2 : 0);
      });

      for (const rejectUnauthorized of [false, undefined]) {
        test(`requestCert, rejectUnauthorized ${rejectUnauthorized}: a client certificate that is ${what}, ${mode}`, async (t) => {
          const seen: unknown[] = [];
          await using served = await t.serve({
            ...request,
            rejectUnauthorized,
            onSecure(socket, _session, callback) {
              if (socket instanceof TLSSocket) seen.push([socket.getPeerX509Certificate()?.subject, socket.authorized]);
              callback();
            },
          });
          expect(await admitted(served, client)).toEqual([true, true]);
          const subject = { trusted: 'CN=client', untrusted: `CN=${MAIL_HOST}` }[what];
          expect(seen).toEqual([
            [subject, trusted],
            [subject, trusted],
          ]);
        });
      }
    }

    test(`a client certificate that nobody asked for is not seen, ${mode}`, async (t) => {
      const seen: unknown[] = [];
      await using served = await t.serve({
        ...tlsOptions(mode),
        onSecure(socket, _session, callback) {
          seen.push(socket instanceof TLSSocket && socket.getPeerX509Certificate());
          callback();
        },
      });
      expect(await reaches(served, mode, clientIdentity)).toBe(true);
      expect(seen).toEqual([undefined]);
    });

    test(`a client certificate that is rejected is told as error, ${mode}`, async (t) => {
      await using served = await t.serve({
        ...tlsOptions(mode),
        requestCert: true,
        rejectUnauthorized: true,
        ca: clientIdentity.cert,
      });
      const error = nextError(served.server);
      await reaches(served, mode, mailIdentity);
      expect(await error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    });
  }
}
