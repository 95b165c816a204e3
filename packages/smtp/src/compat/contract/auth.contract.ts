// What AUTH is demanded for, and when it is the right moment for it.
import { expect } from 'vitest';
import { base64, mechanismsOf, PLAIN, openAuth, demandedAuth } from './auth-client.ts';
import { codeOf, codes, deliver, EHLO, ENVELOPE, MAIL, RCPT, say } from './contract-client.ts';
import { refusal } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { IDENTITY } from './served-server.ts';

export function describeAuth(contract: Contract): void {
  describeDemand(contract);
  describeMoment(contract);
}

function describeDemand({ test }: Contract): void {
  test('where AUTH is demanded MAIL, RCPT and DATA are 530', async (t) => {
    await using served = await t.serve(demandedAuth);
    expect(await codes(await served.client(EHLO), MAIL, RCPT, 'DATA')).toEqual(['530', '530', '530']);
  });

  test('where AUTH is demanded it is so after HELO, and for LMTP', async (t) => {
    await using served = await t.serve(demandedAuth);
    expect(await codes(await served.client('HELO client.example'), MAIL, PLAIN, MAIL)).toEqual(['530', '235', '250']);
    await using lmtp = await t.serve({ ...demandedAuth, lmtp: true });
    expect(await codes(await lmtp.client('LHLO client.example'), MAIL, PLAIN, MAIL)).toEqual(['530', '235', '250']);
  });

  test('where AUTH is demanded handlers are not asked before it', async (t) => {
    const asked: string[] = [];
    await using served = await t.serve({
      ...demandedAuth,
      onMailFrom(_address, _session, callback) {
        asked.push('onMailFrom');
        callback();
      },
    });
    await say(await served.client(EHLO), MAIL);
    expect(asked).toEqual([]);
  });

  test('where AUTH is demanded NOOP, RSET, VRFY, HELP, EHLO and QUIT are answered', async (t) => {
    await using served = await t.serve(demandedAuth);
    const client = await served.client(EHLO);
    const answers = await codes(client, 'NOOP', 'RSET', 'VRFY ann', 'HELP', EHLO, 'STARTTLS now', 'ODD', 'QUIT');
    expect(answers).toEqual(['250', '250', '252', '214', '250', '501', '500', '221']);
  });

  test('where AUTH is demanded EHLO comes first: 503', async (t) => {
    await using served = await t.serve(demandedAuth);
    expect(await codes(await served.client(), MAIL, PLAIN)).toEqual(['503', '503']);
  });

  test('AUTH is demanded by default', async (t) => {
    await using served = await t.serve({ allowInsecureAuth: true, authOptional: undefined });
    expect(await codes(await served.client(EHLO), MAIL)).toEqual(['530']);
  });

  test('authOptional: offered, not demanded', async (t) => {
    await using served = await t.serve(openAuth);
    const client = await served.client();
    expect(mechanismsOf(await client.ask(EHLO))).not.toEqual([]);
    expect(await codes(client, MAIL, 'RSET', PLAIN, MAIL)).toEqual(['250', '250', '235', '250']);
  });

  test('authRequiredMessage is the text of the 530', async (t) => {
    await using served = await t.serve({ ...demandedAuth, authRequiredMessage: 'Who are you?' });
    expect(await say(await served.client(EHLO), MAIL)).toEqual(['530 Who are you?']);
  });

  test('authRequiredMessage: control characters are removed', async (t) => {
    await using served = await t.serve({ ...demandedAuth, authRequiredMessage: 'No.\r\n250 OK' });
    const client = await served.client(EHLO);
    expect(await client.ask(MAIL)).toMatch(/^530 No\..*250 OK$/);
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  test('530, 535, 538, 504 and 235 have their enhanced status codes', async (t) => {
    const options = { ...IDENTITY, hideENHANCEDSTATUSCODES: false, authOptional: false } as const;
    await using clear = await t.serve(options);
    expect(await say(await clear.client(EHLO), PLAIN)).toEqual([expect.stringMatching(/^538 5\.7\.\d+ /)]);
    await using served = await t.serve({
      ...options,
      allowInsecureAuth: true,
      onAuth: (auth, _session, callback) =>
        callback(null, auth.username === 'ann' ? { user: 'ann' } : { message: 'Who?' }),
    });
    const replies = await say(
      await served.client(EHLO),
      MAIL,
      'AUTH NONE',
      `AUTH PLAIN ${base64('\0bob\0secret')}`,
      PLAIN,
    );
    expect(replies.map((reply) => reply.split(' ').slice(0, 2).join(' '))).toEqual([
      '530 5.7.0',
      expect.stringMatching(/^504 5\.5\.4|^504 5\.7\.4/),
      '535 5.7.8',
      '235 2.7.0',
    ]);
  });
}

function describeMoment({ test }: Contract): void {
  test('AUTH before EHLO: 503', async (t) => {
    await using served = await t.serve(openAuth);
    expect(await codes(await served.client(), PLAIN, 'AUTH LOGIN', EHLO, PLAIN)).toEqual(['503', '503', '250', '235']);
  });

  test('AUTH after a login: 503, whatever follows it', async (t) => {
    let calls = 0;
    await using served = await t.serve({
      ...openAuth,
      onAuth(auth, _session, callback) {
        calls++;
        callback(null, { user: auth.username });
      },
    });
    const client = await served.client(EHLO, PLAIN);
    expect(await codes(client, PLAIN, 'AUTH LOGIN', 'AUTH NONE', EHLO, PLAIN)).toEqual([
      '503',
      '503',
      '503',
      '250',
      '503',
    ]);
    expect(calls).toBe(1);
  });

  test('AUTH in a transaction: 503, and the transaction goes on', async (t) => {
    await using served = await t.serve(openAuth);
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, PLAIN, 'AUTH LOGIN')).toEqual(['503', '503']);
    expect(codeOf(await deliver(client))).toBe('250');
  });

  test('AUTH after a login that failed: another try', async (t) => {
    await using served = await t.serve({
      ...openAuth,
      onAuth: (auth, _session, callback) =>
        callback(auth.password === 'secret' ? null : refusal('Wrong'), { user: 'ann' }),
    });
    const client = await served.client(EHLO);
    expect(await codes(client, `AUTH PLAIN ${base64('\0ann\0guess')}`, PLAIN)).toEqual(['535', '235']);
  });

  test('session.user: what onAuth gave, until the session ends', async (t) => {
    const user = { id: 7 };
    const seen: unknown[] = [];
    await using served = await t.serve({
      ...openAuth,
      onAuth(_auth, session, callback) {
        seen.push(Boolean(session.user));
        callback(null, { user });
      },
      onMailFrom(_address, session, callback) {
        seen.push(session.user === user);
        callback();
      },
      onRcptTo(_address, session, callback) {
        seen.push(session.user === user);
        callback();
      },
      onData(stream, session, callback) {
        seen.push(session.user === user);
        stream.resume().once('end', () => callback());
      },
    });
    const client = await served.client(EHLO, PLAIN);
    await say(client, MAIL, RCPT);
    await deliver(client);
    await say(client, 'RSET', EHLO, MAIL);
    expect(seen).toEqual([false, true, true, true, true]);
  });
}
