// AUTH LOGIN, of which there is but a draft.
import { expect } from 'vitest';
import { AskedServer } from './asked-server.ts';
import { base64 } from './auth-client.ts';
import { EHLO, say } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeLogin({ test }: Contract): void {
  test('LOGIN: asks for username and password', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await say(await server.served.client(EHLO), 'AUTH LOGIN', base64('ann'), base64('secret'))).toEqual([
      `334 ${base64('Username:')}`,
      `334 ${base64('Password:')}`,
      expect.stringMatching(/^235 /),
    ]);
    expect(server.asked).toEqual([{ method: 'LOGIN', username: 'ann', password: 'secret' }]);
  });

  test('LOGIN: an initial response is the username', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await say(await server.served.client(EHLO), `AUTH LOGIN ${base64('ann')}`, base64('secret'))).toEqual([
      `334 ${base64('Password:')}`,
      expect.stringMatching(/^235 /),
    ]);
    expect(server.asked).toEqual([{ method: 'LOGIN', username: 'ann', password: 'secret' }]);
  });

  test('LOGIN: * instead of the password cancels', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await server.answers('AUTH LOGIN', base64('ann'), '*', 'NOOP')).toEqual(['334', '334', '501', '250']);
    expect(server.asked).toEqual([]);
  });

  test('LOGIN: a password that is not base64: 501', async (t) => {
    await using server = await AskedServer.of(t);
    expect(await server.answers('AUTH LOGIN', base64('ann'), '!!!!', 'NOOP')).toEqual(['334', '334', '501', '250']);
    expect(server.asked).toEqual([]);
  });

  test('LOGIN: an empty password is for onAuth to judge', async (t) => {
    await using server = await AskedServer.of(t);
    await server.answers('AUTH LOGIN', base64('ann'), '');
    expect(server.asked).toMatchObject([{ username: 'ann', password: '' }]);
  });

  test('LOGIN: UTF-8', async (t) => {
    await using server = await AskedServer.of(t);
    await server.answers('AUTH LOGIN', base64('jörg'), base64('pässwörd €'));
    expect(server.asked).toMatchObject([{ username: 'jörg', password: 'pässwörd €' }]);
  });

  for (const [what, ...lines] of [
    ['no username', 'AUTH LOGIN', ''],
    ['no username, told by =', 'AUTH LOGIN ='],
    ['CR LF in the username', 'AUTH LOGIN', base64('ann\r\nbob')],
    ['CR LF in the username, initially', `AUTH LOGIN ${base64('ann\r\nbob')}`],
  ] as const) {
    test(`LOGIN: ${what}: 501, and onAuth is not asked`, async (t) => {
      await using server = await AskedServer.of(t);
      expect((await server.answers(...lines, 'NOOP')).slice(-2)).toEqual(['501', '250']);
      expect(server.asked).toEqual([]);
    });
  }
}
