// When AUTH is offered and accepted: by mechanism, and in clear text.
import { expect } from 'vitest';
import { mechanismsOf, PLAIN, logIn, openAuth, demandedAuth } from './auth-client.ts';
import { codes, EHLO, MAIL } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';

export function describeAuthOffer(contract: Contract): void {
  describeMechanisms(contract);
  describeProtection(contract);
}

function describeMechanisms({ test }: Contract): void {
  test('authMethods: PLAIN and LOGIN by default', async (t) => {
    await using served = await t.serve(openAuth);
    const client = await served.client();
    expect(mechanismsOf(await client.ask(EHLO)).toSorted()).toEqual(['LOGIN', 'PLAIN']);
    expect(await codes(client, 'AUTH XOAUTH2', 'AUTH CRAM-MD5')).toEqual(['504', '504']);
  });

  test('authMethods: listed in their order, in upper case and trimmed', async (t) => {
    await using served = await t.serve({ ...openAuth, authMethods: [' cram-md5 ', 'Login', 'XOAuth2', 'plain'] });
    const reply = await (await served.client()).ask(EHLO);
    expect(mechanismsOf(reply)).toEqual(['CRAM-MD5', 'LOGIN', 'XOAUTH2', 'PLAIN']);
  });

  test('authMethods: only those', async (t) => {
    await using served = await t.serve({ ...openAuth, authMethods: ['LOGIN'] });
    expect(await codes(await served.client(EHLO), PLAIN, 'AUTH LOGIN')).toEqual(['504', '334']);
  });

  test('authMethods: one that the server does not know is listed, and gets 504', async (t) => {
    await using served = await t.serve({ ...openAuth, authMethods: ['X-Odd', 'PLAIN'] });
    const client = await served.client();
    expect(mechanismsOf(await client.ask(EHLO))).toEqual(['X-ODD', 'PLAIN']);
    expect(await codes(client, 'AUTH X-ODD', 'AUTH x-odd AA==', PLAIN)).toEqual(['504', '504', '235']);
  });

  test('authMethods: a mechanism in lower case', async (t) => {
    await using served = await t.serve(openAuth);
    expect(await codes(await served.client(EHLO), PLAIN.replace('AUTH PLAIN', 'auth plain'))).toEqual(['235']);
  });

  for (const authMethods of [['plain'], [' LOGIN']]) {
    test(`authMethods: the options of the server have ${JSON.stringify(authMethods)} in upper case and trimmed`, async (t) => {
      const [method] = t.newServer({ ...IDENTITY, authMethods }).options.authMethods ?? [];
      expect(method).toBe(authMethods[0]?.trim().toUpperCase());
    });
  }

  test('AUTH: a mechanism that does not exist, 504', async (t) => {
    await using served = await t.serve(openAuth);
    expect(await codes(await served.client(EHLO), 'AUTH NONE', 'AUTH NONE AA==')).toEqual(['504', '504']);
  });

  test('AUTH without a mechanism: 501', async (t) => {
    await using served = await t.serve(openAuth);
    expect(await codes(await served.client(EHLO), 'AUTH')).toEqual(['501']);
  });

  for (const disabledCommands of ['AUTH', ['auth']]) {
    test(`disabledCommands: ${JSON.stringify(disabledCommands)}: AUTH not listed, 500, and not demanded`, async (t) => {
      await using served = await t.serve({ ...demandedAuth, disabledCommands });
      const client = await served.client();
      expect(mechanismsOf(await client.ask(EHLO))).toEqual([]);
      expect(await codes(client, PLAIN, MAIL)).toEqual(['500', '250']);
    });
  }

  test('session.disabledCommands: AUTH in one session only', async (t) => {
    let sessions = 0;
    await using served = await t.serve({
      ...demandedAuth,
      onConnect(session, callback) {
        if (++sessions === 1) session.disabledCommands = ['auth'];
        callback();
      },
    });
    const without = await served.client();
    expect(mechanismsOf(await without.ask(EHLO))).toEqual([]);
    expect(await codes(without, PLAIN, MAIL)).toEqual(['500', '250']);
    expect(await codes(await served.client(EHLO), MAIL, PLAIN)).toEqual(['530', '235']);
  });

  test('after a login EHLO lists no AUTH', async (t) => {
    await using served = await t.serve(openAuth);
    const client = await served.client(EHLO, PLAIN);
    expect(mechanismsOf(await client.ask(EHLO))).toEqual([]);
  });
}

/** AUTH in clear text. */
function describeProtection({ test }: Contract): void {
  const cases: readonly (readonly [string, ContractOptions, boolean])[] = [
    ['as it is', {}, false],
    ['authOptional', { authOptional: true }, false],
    ['allowInsecureAuth', { allowInsecureAuth: true }, true],
    ['hideSTARTTLS', { hideSTARTTLS: true }, true],
    ["disabledCommands: ['STARTTLS']", { disabledCommands: ['STARTTLS'] }, true],
    ['secure and secured', { secure: true, secured: true }, true],
  ];
  for (const [what, options, possible] of cases) {
    test(`AUTH in clear text is ${possible ? 'accepted' : '538'}: ${what}`, async (t) => {
      await using served = await t.serve({ ...IDENTITY, onAuth: logIn, authOptional: false, ...options });
      expect(await codes(await served.client(EHLO), PLAIN)).toEqual([possible ? '235' : '538']);
    });

    test(`AUTH in clear text is ${possible ? 'offered' : 'not offered'}: ${what}`, async (t) => {
      await using served = await t.serve({ ...IDENTITY, onAuth: logIn, authOptional: false, ...options });
      const listed = mechanismsOf(await (await served.client()).ask(EHLO));
      expect(listed.length > 0).toBe(possible);
    });
  }

  for (const line of ['AUTH LOGIN', 'AUTH PLAIN', 'AUTH NONE']) {
    test(`${line} in clear text where AUTH needs TLS: 538, and the session goes on`, async (t) => {
      await using served = await t.serve({ ...IDENTITY, onAuth: logIn });
      expect(await codes(await served.client(EHLO), line, 'NOOP')).toEqual(['538', '250']);
    });
  }

  test('MAIL in clear text where AUTH is demanded and needs TLS: 530', async (t) => {
    await using served = await t.serve({ ...IDENTITY, onAuth: logIn, authOptional: false });
    expect(await codes(await served.client(EHLO), MAIL)).toEqual(['530']);
  });

  test('AUTH is offered and accepted under STARTTLS', async (t) => {
    await using served = await t.serve({ ...IDENTITY, onAuth: logIn, authOptional: false });
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    expect(mechanismsOf(await client.ask(EHLO)).toSorted()).toEqual(['LOGIN', 'PLAIN']);
    expect(await codes(client, MAIL, PLAIN, MAIL)).toEqual(['530', '235', '250']);
  });

  test('AUTH is offered and accepted with secure', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true, onAuth: logIn, authOptional: false });
    const client = await served.secured();
    await client.reply();
    expect(mechanismsOf(await client.ask(EHLO)).toSorted()).toEqual(['LOGIN', 'PLAIN']);
    expect(await codes(client, PLAIN, MAIL)).toEqual(['235', '250']);
  });
}
