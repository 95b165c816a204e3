// Clients that speak HTTP or TLS to a port for SMTP: a scanner gains nothing.
import { expect } from 'vitest';
import { codeOf, EHLO, ENVELOPE } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';
import { handshake, isServed } from './tls-client.ts';

export function describeOtherProtocols({ test }: Contract): void {
  const requests = ['GET /', 'POST /mail', 'HEAD /', 'PUT /', 'DELETE /', 'TRACE /', 'OPTIONS *', 'PATCH /'];
  for (const line of [
    ...requests.map((request) => `${request} HTTP/1.1`),
    'CONNECT [::1]:25 HTTP/1.1',
    'get / http/1.0',
  ]) {
    for (const lines of [[], [EHLO]]) {
      test(`${line}: 421 or 554, and the connection is closed, ${lines.length === 0 ? 'before' : 'after'} EHLO`, async (t) => {
        await using served = await t.serve();
        const client = await served.client(...lines);
        client.send(`${line}\r\nHost: client.example\r\n\r\n${ENVELOPE.join('\r\n')}\r\n`);
        expect(codeOf(await client.reply())).toMatch(/^(421|554)$/);
        expect(await client.end()).toBe('');
      });
    }
  }

  test('HTTP: handlers learn nothing of what follows', async (t) => {
    const asked: string[] = [];
    await using served = await t.serve({
      onMailFrom(_address, _session, callback) {
        asked.push('onMailFrom');
        callback();
      },
    });
    const client = await served.client();
    client.send(`POST / HTTP/1.1\r\n\r\n${ENVELOPE.join('\r\n')}\r\n`);
    await client.end();
    expect(asked).toEqual([]);
  });

  test('a TLS hello on a clear port: 421 or 554, and the connection is closed', async (t) => {
    await using served = await t.serve(IDENTITY);
    const client = await served.client();
    client.send(TLS_HELLO);
    expect(codeOf(await client.reply())).toMatch(/^(421|554)$/);
    expect(await client.end()).toBe('');
  });

  test('a TLS client on a clear port is not left waiting', async (t) => {
    await using served = await t.serve(IDENTITY);
    await expect(handshake(served, 'implicit TLS').then(isServed)).rejects.toThrow(/wrong version/i);
  });
}

/** As far as a server has to read it to see what it is. */
const TLS_HELLO = Buffer.concat([
  Buffer.from([0x16, 0x03, 0x01, 0x00, 0xc4, 0x01, 0x00, 0x00, 0xc0, 0x03, 0x03]),
  Buffer.alloc(190, 7),
]);
