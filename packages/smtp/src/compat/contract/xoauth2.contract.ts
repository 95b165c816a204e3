// AUTH XOAUTH2: the token, and the challenge that tells why it failed.
import { expect } from 'vitest';
import { AskedServer } from './asked-server.ts';
import { base64, openAuth, demandedAuth } from './auth-client.ts';
import { codes, EHLO, MAIL } from './contract-client.ts';
import { refusal, type ContractAuthResponse } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';

const XOAUTH2 = `AUTH XOAUTH2 ${base64('user=ann\u0001auth=Bearer token\u0001\u0001')}`;

export function describeXoauth2(contract: Contract): void {
  describeToken(contract);
  describeOutcome(contract);
}

function describeToken({ test }: Contract): void {
  for (const [what, token] of [
    ['a token', 'user=ann\u0001auth=Bearer token\u0001\u0001'],
    ['another case of Bearer', 'user=ann\u0001auth=bearer token\u0001\u0001'],
  ] as const) {
    for (const lines of [[`AUTH XOAUTH2 ${base64(token)}`], ['AUTH XOAUTH2', base64(token)]]) {
      test(`XOAUTH2: ${what}, ${lines.length === 1 ? 'initially' : 'after an empty challenge'}`, async (t) => {
        await using server = await AskedServer.of(t);
        expect(await server.answers(...lines)).toEqual(lines.length === 1 ? ['235'] : ['334', '235']);
        expect(server.asked).toEqual([{ method: 'XOAUTH2', username: 'ann', accessToken: 'token' }]);
      });
    }
  }

  for (const [what, token] of [
    ['nothing', ''],
    ['no user', 'auth=Bearer token\u0001\u0001'],
    ['no token', 'user=ann\u0001\u0001'],
    ['an empty token', 'user=ann\u0001auth=Bearer \u0001\u0001'],
    ['another scheme', 'user=ann\u0001auth=Basic token\u0001\u0001'],
    ['LF in the user', 'user=a\nb\u0001auth=Bearer token\u0001\u0001'],
  ] as const) {
    test(`XOAUTH2: ${what}: 501, and onAuth is not asked`, async (t) => {
      await using server = await AskedServer.of(t);
      expect(await server.answers(`AUTH XOAUTH2 ${base64(token) || '='}`, 'NOOP')).toEqual(['501', '250']);
      expect(server.asked).toEqual([]);
    });
  }
}

function describeOutcome({ test }: Contract): void {
  for (const [line, code] of [
    ['', '535'],
    ['AQ==', '535'],
    ['*', '501'],
  ] as const) {
    test(`XOAUTH2: data is a challenge with JSON, and ${code} follows the client's line ${JSON.stringify(line)}`, async (t) => {
      const data = { status: '401', schemes: 'bearer' };
      await using served = await t.serve({
        ...demandedAuth,
        authMethods: ['XOAUTH2'],
        onAuth: (_auth, _session, callback) => callback(null, { data }),
      });
      const client = await served.client(EHLO);
      expect(await client.ask(XOAUTH2)).toBe(`334 ${base64(JSON.stringify(data))}`);
      expect(await codes(client, line, 'NOOP', MAIL)).toEqual([code, '250', '530']);
    });
  }

  const outcomes: readonly (readonly [string, Error | null, ContractAuthResponse | undefined, string])[] = [
    ['an error', refusal('Expired'), undefined, '535'],
    ['an error with a responseCode', refusal('Later', 454), undefined, '454'],
    ['nothing', null, undefined, '535'],
    ['an empty response', null, {}, '535'],
    ['a message and a responseCode', null, { message: 'Later', responseCode: 454 }, '454'],
    ['a user', null, { user: 'ann' }, '235'],
    ['a user and data', null, { user: 'ann', data: {} }, '235'],
  ];
  for (const [what, error, response, code] of outcomes) {
    test(`XOAUTH2: ${what}: ${code} at once`, async (t) => {
      await using served = await t.serve({
        ...openAuth,
        authMethods: ['XOAUTH2'],
        onAuth: (_auth, _session, callback) => callback(error, response),
      });
      expect(await codes(await served.client(EHLO), XOAUTH2, 'NOOP')).toEqual([code, '250']);
    });
  }
}
