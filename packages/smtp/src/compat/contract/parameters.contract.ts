import { expect } from 'vitest';
import { allOf, attempt, attemptAll, codesOf } from './attempt.ts';
import { codes, EHLO, MAIL, RCPT } from './contract-client.ts';
import type { ContractEnvelope } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';

export function describeParameters(contract: Contract): void {
  describeMailAndRcpt(contract);
  describeDsn(contract);
  describeRequireTls(contract);
}

const mail = (parameters: string): string => `MAIL FROM:<ann@example.org> ${parameters}`;
const rcpt = (parameters: string): string => `RCPT TO:<bob@example.org> ${parameters}`;

function describeMailAndRcpt(contract: Contract): void {
  contract.test('parameters are args: keys in upper case, values as given, a bare keyword is true', async (t) => {
    const outcomes = await attemptAll(t, [
      mail('SIZE=10 BODY=8BITMIME SMTPUTF8'),
      mail('size=10  body=8bitmime'),
      MAIL,
    ]);
    expect(outcomes.map(({ address }) => address?.args)).toEqual([
      { SIZE: '10', BODY: '8BITMIME', SMTPUTF8: true },
      { SIZE: '10', BODY: '8bitmime' },
      false,
    ]);
  });

  contract.test('SIZE is a number (RFC 1870 §4)', async (t) => {
    const outcomes = await attemptAll(
      t,
      ['SIZE=0', 'SIZE=1', 'SIZE=001', 'SIZE=99999999999999999999', 'SIZE=x', 'SIZE=-1', 'SIZE=1.5', 'SIZE==1'].map(
        mail,
      ),
    );
    expect(codesOf(outcomes)).toEqual(['250', '250', '250', '250', '501', '501', '501', '501']);
  });

  contract.test('SIZE has twenty digits at most (RFC 1870 §4)', async (t) => {
    expect((await attempt(t, mail(`SIZE=${'9'.repeat(21)}`))).code).toBe('501');
  });

  contract.test('BODY is 7BIT or 8BITMIME, in any case', async (t) => {
    const outcomes = await attemptAll(t, ['BODY=7BIT', 'BODY=8BITMIME', 'BODY=8BitMime'].map(mail));
    expect(outcomes.map(({ code, envelope }) => [code, envelope?.bodyType])).toEqual([
      ['250', '7bit'],
      ['250', '8bitmime'],
      ['250', '8bitmime'],
    ]);
    expect(codesOf(await attemptAll(t, ['BODY=BINARYMIME', 'BODY=FOO'].map(mail)))).toEqual(['501', '501']);
  });

  contract.test('SMTPUTF8 has no value', async (t) => {
    const outcomes = await attemptAll(t, ['SMTPUTF8', 'smtputf8', 'SMTPUTF8=1'].map(mail));
    expect(codesOf(outcomes)).toEqual(['250', '250', '501']);
    expect(outcomes[1]?.envelope?.smtpUtf8).toBe(true);
  });

  contract.test('a parameter given twice gets 501', async (t) => {
    const lines = [
      ...['SIZE=1 SIZE=1', 'size=1 SIZE=2', 'BODY=7BIT BODY=8BITMIME', 'SMTPUTF8 SMTPUTF8', 'AUTH=<> AUTH=<>'].map(
        mail,
      ),
      ...['NOTIFY=NEVER NOTIFY=NEVER', 'ORCPT=rfc822;a@example.org ORCPT=rfc822;b@example.org'].map(rcpt),
    ];
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
  });

  contract.test('a parameter without the value that it needs gets 501', async (t) => {
    const lines = [
      ...['SIZE', 'SIZE=', 'BODY', 'BODY=', 'RET', 'RET=', 'ENVID', 'ENVID='].map(mail),
      ...['NOTIFY', 'NOTIFY=', 'ORCPT', 'ORCPT='].map(rcpt),
    ];
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
  });

  contract.test('an empty value is a syntax error (RFC 5321 §4.1.2)', async (t) => {
    const lines = ['SMTPUTF8=', 'AUTH=', 'AUTH'].map(mail);
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
  });

  contract.test('an unknown parameter gets 555 (RFC 5321 §4.1.1.11)', async (t) => {
    const lines = [
      ...['FOO', 'FOO=bar', 'X-FOO=1', 'SIZE=1 FOO', 'MT-PRIORITY=3'].map(mail),
      ...['FOO', 'FOO=1'].map(rcpt),
    ];
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('555', lines));
  });

  contract.test('parameters of MAIL are none of RCPT, and the other way round: 555', async (t) => {
    const lines = [
      ...['SIZE=1', 'BODY=7BIT', 'SMTPUTF8', 'RET=FULL', 'ENVID=x', 'AUTH=<>'].map(rcpt),
      ...['NOTIFY=NEVER', 'ORCPT=rfc822;bob@example.org'].map(mail),
    ];
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('555', lines));
  });

  contract.test('what is no parameter at all is refused', async (t) => {
    for (const { code } of await attemptAll(t, ['=x', '-A=1', 'A_B=1', '<bob@example.org>', '!'].map(mail))) {
      expect(code).toMatch(/^50[14]|555$/);
    }
  });

  contract.test('controls in a parameter get 501', async (t) => {
    const lines = ['SIZE=\x01', 'AUTH=a\0b'].map(mail);
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
  });

  contract.test('AUTH= names who submitted the message, in xtext (RFC 4954 §5)', async (t) => {
    const outcomes = await attemptAll(t, ['AUTH=<>', 'AUTH=ann@example.org', 'AUTH=a+2Bb@example.org'].map(mail));
    expect(outcomes.map(({ address }) => address?.args)).toEqual([
      { AUTH: '<>' },
      { AUTH: 'ann@example.org' },
      { AUTH: 'a+b@example.org' },
    ]);
  });

  contract.test('AUTH= that is no xtext gets 501 (RFC 4954 §5)', async (t) => {
    const lines = ['AUTH=a+zz@example.org', 'AUTH=bücher@example.org'].map(mail);
    expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
  });

  contract.test('parameters named like properties of an object do no harm', async (t) => {
    for (const { code } of await attemptAll(t, ['__proto__=1', 'constructor=1'].map(mail))) {
      expect(code).toMatch(/^(250|501|555)$/);
    }
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
}

function describeDsn(contract: Contract): void {
  const dsn = { hideDSN: false };

  contract.test('DSN: RET and ENVID are in the envelope', async (t) => {
    const outcomes = await attemptAll(
      t,
      ['RET=FULL ENVID=abc', 'RET=HDRS', 'ret=hdrs', 'ENVID=abc', 'ENVID=a+2Bb', 'SIZE=1'].map(mail),
      dsn,
    );
    expect(outcomes.map(({ envelope }) => envelope?.dsn)).toEqual([
      { ret: 'FULL', envid: 'abc' },
      { ret: 'HDRS', envid: null },
      { ret: 'HDRS', envid: null },
      { ret: null, envid: 'abc' },
      { ret: null, envid: 'a+b' },
      { ret: null, envid: null },
    ]);
  });

  contract.test('DSN: NOTIFY and ORCPT are the recipient’s', async (t) => {
    const outcomes = await attemptAll(
      t,
      [
        'NOTIFY=NEVER',
        'NOTIFY=SUCCESS,FAILURE,DELAY',
        'notify=success,delay',
        'ORCPT=rfc822;bob@example.org',
        'ORCPT=rfc822;bob+2Bx@example.org',
        'NOTIFY=FAILURE ORCPT=rfc822;bob@example.org',
      ].map(rcpt),
      dsn,
    );
    expect(outcomes.map(({ address }) => address?.dsn)).toMatchObject([
      { notify: ['NEVER'] },
      { notify: ['SUCCESS', 'FAILURE', 'DELAY'] },
      { notify: ['SUCCESS', 'DELAY'] },
      { orcpt: 'rfc822;bob@example.org' },
      { orcpt: 'rfc822;bob+x@example.org' },
      { notify: ['FAILURE'], orcpt: 'rfc822;bob@example.org' },
    ]);
  });

  contract.test('DSN: the parameters are in args too', async (t) => {
    const outcomes = await attemptAll(t, [mail('RET=FULL ENVID=abc'), rcpt('NOTIFY=SUCCESS,DELAY')], dsn);
    expect(outcomes.map(({ address }) => address?.args)).toEqual([
      { RET: 'FULL', ENVID: 'abc' },
      { NOTIFY: 'SUCCESS,DELAY' },
    ]);
  });

  contract.test('DSN: a recipient without parameters has no dsn', async (t) => {
    expect((await attempt(t, RCPT, dsn)).address?.dsn).toBeUndefined();
  });

  contract.test('DSN: values that RFC 3461 does not have get 501', async (t) => {
    const lines = [
      mail('RET=FOO'),
      ...['NOTIFY=FOO', 'NOTIFY=NEVER,SUCCESS', 'NOTIFY=SUCCESS,', 'ORCPT=bob@example.org'].map(rcpt),
    ];
    expect(codesOf(await attemptAll(t, lines, dsn))).toEqual(allOf('501', lines));
  });

  contract.test('DSN: ENVID has at most 100 characters (RFC 3461 §4.4), ORCPT 500 (§4.2)', async (t) => {
    const lines = [mail(`ENVID=${'a'.repeat(101)}`), rcpt(`ORCPT=rfc822;${'a'.repeat(600)}`)];
    expect(codesOf(await attemptAll(t, lines, dsn))).toEqual(allOf('501', lines));
    expect((await attempt(t, mail(`ENVID=${'a'.repeat(100)}`), dsn)).code).toBe('250');
  });

  contract.test('DSN: ENVID and ORCPT are xtext (RFC 3461 §4)', async (t) => {
    const lines = [mail('ENVID=a+zz'), rcpt('ORCPT=rfc822;a+zz')];
    expect(codesOf(await attemptAll(t, lines, dsn))).toEqual(allOf('501', lines));
  });

  contract.test('without DSN its parameters are taken, and left in args', async (t) => {
    const outcomes = await attemptAll(t, [
      mail('RET=FULL ENVID=abc'),
      rcpt('NOTIFY=DELAY ORCPT=rfc822;bob@example.org'),
    ]);
    expect(outcomes.map(({ code, address }) => [code, address?.args])).toEqual([
      ['250', { RET: 'FULL', ENVID: 'abc' }],
      ['250', { NOTIFY: 'DELAY', ORCPT: 'rfc822;bob@example.org' }],
    ]);
    expect(outcomes[0]?.envelope?.dsn).toBeUndefined();
    expect(outcomes[1]?.address?.dsn).toBeUndefined();
  });
}

function describeRequireTls(contract: Contract): void {
  contract.test('REQUIRETLS is listed and taken under TLS only (RFC 8689 §2)', async (t) => {
    const envelopes: ContractEnvelope[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      hideREQUIRETLS: false,
      onMailFrom(_address, { envelope }, callback) {
        envelopes.push(envelope);
        callback();
      },
    });
    const client = await served.client(EHLO);
    expect(await codes(client, `${MAIL} REQUIRETLS`)).toEqual(['530']);
    await client.startTls(served.ca);
    expect(await client.ask(EHLO)).toMatch(/^250[- ]REQUIRETLS\r?$/m);
    expect(await codes(client, `${MAIL} REQUIRETLS`)).toEqual(['250']);
    expect(envelopes.map(({ requireTLS }) => requireTLS)).toEqual([true]);
  });

  contract.test('REQUIRETLS has no value', async (t) => {
    await using served = await t.serve({ ...IDENTITY, secure: true, hideREQUIRETLS: false });
    const client = await served.secured();
    await client.reply();
    await client.ask(EHLO);
    expect(await codes(client, `${MAIL} REQUIRETLS=1`, `${MAIL} REQUIRETLS`)).toEqual(['501', '250']);
  });

  contract.test('requireTLS is false where it was not asked for', async (t) => {
    expect((await attempt(t, MAIL)).envelope?.requireTLS).toBe(false);
    expect((await attempt(t, MAIL, { hideREQUIRETLS: false })).envelope?.requireTLS).toBe(false);
  });

  contract.test('REQUIRETLS works and is not listed unless hideREQUIRETLS is false', async (t) => {
    const envelopes: boolean[] = [];
    await using served = await t.serve({
      ...IDENTITY,
      onRcptTo(_address, { envelope }, callback) {
        envelopes.push(envelope.requireTLS!);
        callback();
      },
    });
    const client = await served.client(EHLO);
    expect(await codes(client, `${MAIL} REQUIRETLS`)).toEqual(['530']);
    await client.startTls(served.ca);
    expect(await client.ask(EHLO)).not.toContain('REQUIRETLS');
    expect(await codes(client, `${MAIL} REQUIRETLS`, RCPT)).toEqual(['250', '250']);
    expect(envelopes).toEqual([true]);
  });
}
