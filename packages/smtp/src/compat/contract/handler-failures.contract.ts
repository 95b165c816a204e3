// Handlers that throw, say too much, or say it in another way than by their callback.
import { expect } from 'vitest';
import { codeOf, codes, EHLO, ENVELOPE, say } from './contract-client.ts';
import { refusal } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeHandlerFailures(contract: Contract): void {
  for (const handler of ['onMailFrom', 'onRcptTo']) {
    contract.test(`${handler} that throws: 451, and the session goes on`, async (t) => {
      await using served = await t.serve({
        [handler]: (_address: unknown, _session: unknown, _callback: unknown) => {
          throw new Error('thrown');
        },
      });
      const client = await served.client(EHLO);
      expect((await codes(client, ...ENVELOPE.slice(1), 'NOOP')).slice(handler === 'onMailFrom' ? 0 : 1)).toEqual(
        handler === 'onMailFrom' ? ['451', '503', '250'] : ['451', '250'],
      );
    });

    contract.test(`${handler} that calls back twice has said the first thing`, async (t) => {
      await using served = await t.serve({
        [handler]: (_address: unknown, _session: unknown, callback: (error?: Error) => void) => {
          callback();
          callback(refusal('No'));
        },
      });
      const client = await served.client();
      client.send([...ENVELOPE, 'NOOP', 'HELP', ''].join('\r\n'));
      const replies: string[] = [];
      for (let i = 0; i < 5; i++) replies.push(codeOf(await client.reply()));
      expect(replies).toEqual(['250', '250', '250', '250', '214']);
    });

    contract.test(`${handler} may return a promise in the place of the callback`, async (t) => {
      let refuse = false;
      await using served = await t.serve({
        [handler]: async () => {
          if (refuse) throw refusal('Rejected', 551);
        },
      });
      const client = await served.client(EHLO);
      expect(await codes(client, ...ENVELOPE.slice(1), 'RSET')).toEqual(['250', '250', '250']);
      refuse = true;
      expect(await say(client, ...ENVELOPE.slice(1))).toContain('551 Rejected');
    });

    contract.test(`${handler} without parameters for it needs no callback`, async (t) => {
      await using served = await t.serve({ [handler]: () => {} });
      const client = await served.client(EHLO);
      expect(await codes(client, ...ENVELOPE.slice(1))).toEqual(['250', '250']);
    });
  }

  contract.test('onConnect that calls back twice has said the first thing', async (t) => {
    await using served = await t.serve({
      onConnect(_session, callback) {
        callback();
        callback(refusal('No'));
      },
    });
    const client = await served.connected();
    expect(codeOf(await client.reply())).toBe('220');
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  contract.test('onConnect that throws ends that session alone', async (t) => {
    let sessions = 0;
    await using served = await t.serve({
      onConnect(_session, callback) {
        if (++sessions === 1) throw new Error('thrown');
        callback();
      },
    });
    const client = await served.connected();
    expect(await client.reply()).toMatch(/^[45]/);
    await client.end();
    expect(await codes(await served.client(), 'NOOP')).toEqual(['250']);
  });
}
