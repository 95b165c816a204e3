// What onAuth may say, and what the client is told.
import { expect } from 'vitest';
import { PLAIN, openAuth, demandedAuth } from './auth-client.ts';
import { codeOf, codes, EHLO, MAIL } from './contract-client.ts';
import { refusal, type ContractAuthResponse, type ContractHandlers } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { ServedServer } from './served-server.ts';

export function describeOnAuth({ test }: Contract): void {
  const outcomes: readonly (readonly [string, Error | null, ContractAuthResponse | undefined, string | RegExp])[] = [
    ['an error', refusal('Wrong password'), undefined, '535 Wrong password'],
    ['an error with a responseCode', refusal('Later', 454), undefined, '454 Later'],
    ['an error with a responseCode that refuses nothing', refusal('Wrong password', 250), undefined, /^535 /],
    ['an error of several lines', refusal('No\r\n235 Welcome'), undefined, /^535 No.*235 Welcome$/],
    ['nothing', null, undefined, /^535 /],
    ['an empty response', null, {}, /^535 /],
    ['user undefined', null, { user: undefined }, /^535 /],
    ['user null', null, { user: null }, /^535 /],
    ['user false', null, { user: false }, /^535 /],
    ["user ''", null, { user: '' }, /^535 /],
    ['a message', null, { message: 'Wrong password' }, '535 Wrong password'],
    ['a message and a responseCode', null, { message: 'Later', responseCode: 454 }, '454 Later'],
    ['a responseCode', null, { responseCode: 454 }, /^454 /],
    ['a responseCode that refuses nothing', null, { responseCode: 250 }, /^535 /],
    ['a message of several lines', null, { message: 'No\r\n235 Welcome' }, /^535 No.*235 Welcome$/],
    ['data, which is for XOAUTH2', null, { data: { status: 401 } }, /^535 /],
    ['a user', null, { user: 'ann' }, /^235 /],
    ['a user that is an object', null, { user: {} }, /^235 /],
    ['a user, and a message', null, { user: 'ann', message: 'No', responseCode: 535 }, /^235 /],
  ];
  for (const [what, error, response, reply] of outcomes) {
    test(`onAuth gives ${what}: ${String(reply)}`, async (t) => {
      await using served = await t.serve({
        ...demandedAuth,
        onAuth: (_auth, _session, callback) => callback(error, response),
      });
      const client = await served.client(EHLO);
      const answer = await client.ask(PLAIN);
      if (typeof reply === 'string') expect(answer).toBe(reply);
      else expect(answer).toMatch(reply);
      expect(await codes(client, MAIL)).toEqual([answer.startsWith('235') ? '250' : '530']);
    });
  }

  for (const [what, error, response] of [
    ['an error', refusal('Go away', 421), undefined],
    ['a response', null, { message: 'Go away', responseCode: 421 }],
  ] as const) {
    test(`onAuth gives ${what} with 421: the connection is closed`, async (t) => {
      await using served = await t.serve({
        ...openAuth,
        onAuth: (_auth, _session, callback) => callback(error, response),
      });
      const client = await served.client(EHLO);
      expect(await client.ask(PLAIN)).toBe('421 Go away');
      expect(await client.end()).toBe('');
    });
  }

  test('without onAuth: 535', async (t) => {
    await using served = await t.serve({ ...openAuth, onAuth: undefined });
    expect(await codes(await served.client(EHLO), PLAIN, MAIL)).toEqual(['535', '250']);
  });

  test('onAuth that throws: 451, and the session goes on', async (t) => {
    await using served = await t.serve({
      ...demandedAuth,
      onAuth(_auth, _session, _callback) {
        throw new Error('Out of order');
      },
    });
    expect(await codes(await served.client(EHLO), PLAIN, MAIL)).toEqual(['451', '530']);
  });

  test('onAuth that calls back twice has said the first thing', async (t) => {
    await using served = await t.serve({
      ...openAuth,
      onAuth(_auth, _session, callback) {
        callback(null, { user: 'ann' });
        callback(refusal('Wrong password'));
      },
    });
    expect(await codes(await served.client(EHLO), PLAIN, 'NOOP')).toEqual(['235', '250']);
  });

  test('onAuth may take its time, and what was pipelined waits', async (t) => {
    await using served = await t.serve({
      ...demandedAuth,
      onAuth: (_auth, _session, callback) => void setImmediate(callback, null, { user: 'ann' }),
    });
    const client = await served.client(EHLO);
    client.send(`${PLAIN}\r\n${MAIL}\r\nNOOP\r\n`);
    expect([await client.reply(), await client.reply(), await client.reply()].map(codeOf)).toEqual([
      '235',
      '250',
      '250',
    ]);
  });

  test('onAuth of a subclass', async (t) => {
    class Subclass extends t.SMTPServer {
      override onAuth(...[auth, , callback]: Parameters<ContractHandlers['onAuth']>): void {
        callback(null, { user: auth.username });
      }
    }
    const server = new Subclass({ allowInsecureAuth: true, disableReverseLookup: true, logger: false });
    await using served = await ServedServer.listening(server);
    expect(await codes(await served.client(EHLO), PLAIN, MAIL)).toEqual(['235', '250']);
  });
}
