// TLS sessions that are resumed.
import { randomBytes } from 'node:crypto';
import { TLSSocket, type ConnectionOptions, type TlsOptions } from 'node:tls';
import { expect } from 'vitest';
import type { Contract } from './describe-server-contract.ts';
import type { ServedServer } from './served-server.ts';
import {
  handshake,
  isServed,
  readReply,
  reaches,
  TLS_MODES,
  TLS_VERSIONS,
  tlsOptions,
  type TlsMode,
} from './tls-client.ts';

export function describeTlsResumption({ test }: Contract): void {
  for (const mode of TLS_MODES) {
    for (const maxVersion of TLS_VERSIONS) {
      test(`a session of ${maxVersion} is resumed, ${mode}`, async (t) => {
        const resumed: boolean[] = [];
        await using served = await t.serve({
          ...tlsOptions(mode),
          onSecure(socket, _session, callback) {
            resumed.push(socket instanceof TLSSocket && socket.isSessionReused());
            callback();
          },
        });
        const session = await sessionOf(served, mode, { maxVersion });
        expect(await reaches(served, mode, { maxVersion, session })).toBe(true);
        expect(resumed).toEqual([false, true]);
      });

      test(`ticketKeys: a session of ${maxVersion} is resumed at another server, ${mode}`, async (t) => {
        const options: TlsOptions = { ...tlsOptions(mode), ticketKeys: randomBytes(48) };
        await using first = await t.serve(options);
        await using second = await t.serve(options);
        const session = await sessionOf(first, mode, { maxVersion });
        const socket = await handshake(second, mode, { maxVersion, session });
        expect(socket.isSessionReused()).toBe(true);
        expect(await isServed(socket)).toBe(true);
      });
    }
  }
}

/** A TLS session to resume. */
async function sessionOf(served: ServedServer, mode: TlsMode, options: ConnectionOptions): Promise<Buffer> {
  const socket = await handshake(served, mode, options);
  // In TLS 1.3 tickets come after the handshake: one round trip later they are here.
  await readReply(socket);
  socket.write('NOOP\r\n');
  await readReply(socket);
  return socket.getSession()!;
}
