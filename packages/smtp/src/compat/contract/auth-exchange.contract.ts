// What every exchange of AUTH has in common.
import { expect } from 'vitest';
import { AskedServer, ALL_MECHANISMS } from './asked-server.ts';
import { base64 } from './auth-client.ts';
import { codes, EHLO } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeAuthExchange({ test }: Contract): void {
  for (const mechanism of ALL_MECHANISMS) {
    test(`${mechanism}: * cancels: 501, onAuth is not asked, and the session goes on`, async (t) => {
      await using server = await AskedServer.of(t);
      const client = await server.served.client(EHLO);
      expect(await codes(client, `AUTH ${mechanism}`, '*', 'NOOP')).toEqual(['334', '501', '250']);
      expect(server.asked).toEqual([]);
    });

    test(`${mechanism}: a line that is not base64: 501, onAuth is not asked, and the session goes on`, async (t) => {
      await using server = await AskedServer.of(t);
      const client = await server.served.client(EHLO);
      expect(await codes(client, `AUTH ${mechanism}`, '!!!!', 'NOOP')).toEqual(['334', '501', '250']);
      expect(server.asked).toEqual([]);
    });

    test(`${mechanism}: a second word: 501`, async (t) => {
      await using server = await AskedServer.of(t);
      const client = await server.served.client(EHLO);
      expect(await codes(client, `AUTH ${mechanism} AA== AA==`, 'NOOP')).toEqual(['501', '250']);
    });

    test(`${mechanism}: an initial response that is not base64: 501`, async (t) => {
      await using server = await AskedServer.of(t);
      const client = await server.served.client(EHLO);
      expect(await codes(client, `AUTH ${mechanism} !!!!`, 'NOOP')).toEqual(['501', '250']);
      expect(server.asked).toEqual([]);
    });

    test(`${mechanism}: blanks round the mechanism`, async (t) => {
      await using server = await AskedServer.of(t);
      expect(await codes(await server.served.client(EHLO), `AUTH  ${mechanism} `)).toEqual(['334']);
    });
  }

  test('an exchange that is pipelined', async (t) => {
    await using server = await AskedServer.of(t);
    const client = await server.served.client(EHLO);
    client.send(`AUTH LOGIN\r\n${base64('ann')}\r\n${base64('secret')}\r\nNOOP\r\n`);
    const replies: string[] = [];
    for (let count = 0; count < 4; count++) replies.push((await client.reply()).slice(0, 3));
    expect(replies).toEqual(['334', '334', '235', '250']);
  });
}
