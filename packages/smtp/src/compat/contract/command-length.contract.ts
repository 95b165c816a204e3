// maxCommandLength: no line is longer.
import { expect } from 'vitest';
import { codeOf, codes, deliver, EHLO, ENVELOPE } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeCommandLength({ test }: Contract): void {
  const noop = (length: number): string => `NOOP ${'x'.repeat(length - 5)}`;

  for (const [what, options, limit] of [
    ['16 KiB by default', {}, 16_384],
    ['1000', { maxCommandLength: 1000 }, 1000],
  ] as const) {
    test(`maxCommandLength: ${what}: a line that is as long, without its CR LF`, async (t) => {
      await using served = await t.serve(options);
      expect(await codes(await served.client(), noop(limit), 'NOOP')).toEqual(['250', '250']);
    });

    test(`maxCommandLength: ${what}: a line that is longer gets 421, and the connection is closed`, async (t) => {
      await using served = await t.serve(options);
      const client = await served.client();
      expect(await codes(client, noop(limit + 1))).toEqual(['421']);
      expect(await client.end()).toBe('');
    });

    test(`maxCommandLength: ${what}: a line that does not end is refused likewise`, async (t) => {
      await using served = await t.serve(options);
      const client = await served.client();
      client.send(noop(limit + 2));
      expect(codeOf(await client.reply())).toBe('421');
      expect(await client.end()).toBe('');
    });
  }

  test('maxCommandLength: not the lines of an exchange of AUTH (RFC 4954 §4)', async (t) => {
    await using served = await t.serve({ maxCommandLength: 200, allowInsecureAuth: true });
    const client = await served.client(EHLO, 'AUTH PLAIN');
    expect(await codes(client, 'A'.repeat(12_288), 'NOOP')).toEqual(['501', '250']);
  });

  test('maxCommandLength: not the lines of a message', async (t) => {
    await using served = await t.serve({ maxCommandLength: 200 });
    const client = await served.client(...ENVELOPE);
    expect(codeOf(await deliver(client, 'x'.repeat(5000)))).toBe('250');
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  test('maxCommandLength: not several lines together', async (t) => {
    await using served = await t.serve({ maxCommandLength: 200 });
    const client = await served.client();
    client.send('NOOP\r\n'.repeat(100));
    for (let count = 0; count < 100; count++) expect(codeOf(await client.reply())).toBe('250');
  });

  for (const maxCommandLength of [0, undefined]) {
    test(`maxCommandLength: ${maxCommandLength}: never unbounded`, async (t) => {
      await using served = await t.serve({ maxCommandLength });
      const client = await served.client();
      client.send(noop(20_000));
      expect(codeOf(await client.reply())).toBe('421');
      expect(await client.end()).toBe('');
    });
  }
}
