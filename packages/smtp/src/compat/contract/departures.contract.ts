// Clients that leave without a word.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { WireClient } from '../../testing/wire-client.ts';
import { closed } from './closed.ts';
import { EHLO, ENVELOPE, say } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import { HOST } from './served-server.ts';

export function describeDepartures({ test }: Contract): void {
  const moments: readonly (readonly [string, readonly string[] | undefined, string])[] = [
    ['before the greeting', undefined, ''],
    ['after the greeting', [], ''],
    ['in mid-line', [EHLO], 'MAIL FRO'],
    ['in a transaction', ENVELOPE, ''],
    ['in an exchange of AUTH', [EHLO, 'AUTH LOGIN'], ''],
    ['in mid-message', [...ENVELOPE, 'DATA'], 'Subject: Hello\r\n'],
    ['in mid-message, by a dot', [...ENVELOPE, 'DATA'], 'Hello\r\n.'],
  ];
  for (const [when, lines, rest] of moments) {
    for (const how of ['destroy', 'resetAndDestroy', 'end'] as const) {
      test(`a client that leaves ${when} (${how}): onClose once, and no harm done`, async (t) => {
        let closings = 0;
        await using served = await t.serve({ allowInsecureAuth: true, onClose: () => void closings++ });
        const client = lines === undefined ? await served.connected() : await served.client(...lines);
        if (rest !== '') client.send(rest);
        client.socket[how]();
        await client.end();
        await say(await served.client(), EHLO, 'QUIT');
        while (closings < 2) await new Promise(setImmediate);
        expect(served.server.connections.size).toBe(0);
        expect(closings).toBe(2);
      });
    }
  }

  for (const how of ['destroy', 'resetAndDestroy'] as const) {
    test(`a client that leaves in mid-message (${how}): the stream fails, then onClose`, async (t) => {
      const order: string[] = [];
      const gone = withResolvers<void>();
      await using served = await t.serve({
        onData(stream) {
          stream.resume();
          for (const event of ['end', 'error', 'close']) stream.once(event, () => order.push(event));
        },
        onClose({ envelope }) {
          order.push(`onClose with ${envelope.rcptTo.length}`);
          gone.resolve();
        },
      });
      const client = await served.client(...ENVELOPE, 'DATA');
      client.send('Hello\r\n');
      client.socket[how]();
      await gone.promise;
      expect(order).toEqual(['error', 'close', 'onClose with 1']);
    });
  }

  test('a client that resets needs no listener for error', async (t) => {
    const server = t.newServer({ authOptional: true, disableReverseLookup: true, logger: false });
    await once(server.listen(0, HOST), 'listening');
    const { port } = server.server.address() as AddressInfo;
    for (const lines of [[], [...ENVELOPE, 'DATA']]) {
      const client = await WireClient.greeted({ host: HOST, port });
      await say(client, ...lines);
      client.socket.resetAndDestroy();
      await client.end();
    }
    await closed(server);
  });
}
