// AUTH PLAIN, RFC 4616.
import { expect } from 'vitest';
import { AskedServer } from './asked-server.ts';
import { base64 } from './auth-client.ts';
import { codes, EHLO } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describePlain({ test }: Contract): void {
  test('PLAIN: an initial response', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await server.answers(`AUTH PLAIN ${base64('\0ann\0secret')}`)).toEqual(['235']);
    expect(server.asked).toEqual([
      { method: 'PLAIN', username: 'ann', authcid: 'ann', authzid: '', password: 'secret' },
    ]);
  });

  test('PLAIN: an empty challenge without one', async (t) => {
    await using server = await AskedServer.of(t);
    const client = await server.served.client(EHLO);
    expect(await client.ask('AUTH PLAIN')).toMatch(/^334 ?$/);
    expect(await codes(client, base64('\0ann\0secret'))).toEqual(['235']);
    expect(server.asked).toMatchObject([{ method: 'PLAIN', username: 'ann', password: 'secret' }]);
  });

  test('PLAIN: an authorization identity', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await server.answers(`AUTH PLAIN ${base64('root\0ann\0secret')}`)).toEqual(['235']);
    expect(server.asked).toMatchObject([{ username: 'ann', authcid: 'ann', authzid: 'root', password: 'secret' }]);
  });

  test('PLAIN: UTF-8', async (t) => {
    await using server = await AskedServer.of(t);
    await server.answers(`AUTH PLAIN ${base64('\0jörg\0pässwörd €')}`);
    expect(server.asked).toMatchObject([{ username: 'jörg', password: 'pässwörd €' }]);
  });

  test('PLAIN: blanks and signs in a password', async (t) => {
    const password = ' a b%=+/\\"\'<>* ';
    await using server = await AskedServer.of(t);
    await server.answers(`AUTH PLAIN ${base64(`\0ann\0${password}`)}`);
    expect(server.asked).toMatchObject([{ password }]);
  });

  test('PLAIN: any character but NUL in a password', async (t) => {
    const password = 'a\r\nb\tc\u0001\u007f';
    await using server = await AskedServer.of(t);
    await server.answers(`AUTH PLAIN ${base64(`\0ann\0${password}`)}`);
    expect(server.asked).toMatchObject([{ password }]);
  });

  test('PLAIN: a token that is longer than a line of RFC 5321', async (t) => {
    const password = 'x'.repeat(2000);
    await using server = await AskedServer.of(t);
    await server.answers('AUTH PLAIN', base64(`\0ann\0${password}`));
    expect(server.asked).toMatchObject([{ password }]);
  });

  test('PLAIN: a blank behind the response: 501, and onAuth is not asked', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await server.answers('AUTH PLAIN', `${base64('\0ann\0secret')} `)).toEqual(['334', '501']);
    expect(server.asked).toEqual([]);
  });

  for (const [what, token] of [
    ['=, which is empty', '='],
    ['*', '*'],
    ['one field', base64('ann')],
    ['two fields', base64('\0ann')],
    ['four fields', base64('\0ann\0secret\0more')],
    ['an empty username', base64('\0\0secret')],
    ['an empty password', base64('\0ann\0')],
    ['CR LF in the username', base64('\0ann\r\nbob\0secret')],
    ['a control character in the username', base64('\0ann\u0001\0secret')],
    ['LF in the authorization identity', base64('root\n\0ann\0secret')],
    ['what is no UTF-8', Buffer.from('\0ann\0\xff', 'latin1').toString('base64')],
    ['base64 without its padding', base64('\0ann\0secret').replace('=', '')],
  ] as const) {
    test(`PLAIN: ${what}: 501, and onAuth is not asked`, async (t) => {
      await using server = await AskedServer.of(t);
      expect(await server.answers(`AUTH PLAIN ${token}`, 'NOOP')).toEqual(['501', '250']);
      expect(server.asked).toEqual([]);
    });
  }
}
