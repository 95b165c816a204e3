// How many commands a client may give without AUTH, and how many that nobody knows.
import { expect } from 'vitest';
import { PLAIN, base64 } from './auth-client.ts';
import { codeOf, codes, deliver, EHLO, ENVELOPE, MAIL, RCPT } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';

const GUESS = `AUTH PLAIN ${base64('\0ann\0guess')}`;

export function describeLimits(contract: Contract): void {
  describeUnauthenticatedCommands(contract);
  describeUnknownCommands(contract);
}

function describeUnauthenticatedCommands({ test }: Contract): void {
  const demanded: ContractOptions = {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (auth, _session, callback) => callback(null, auth.password === 'secret' ? { user: 'ann' } : {}),
  };
  const noops = (count: number): string[] => Array.from({ length: count }, () => 'NOOP');
  const answers = (count: number): string[] => Array.from({ length: count }, () => '250');

  for (const [what, options, limit] of [
    ['10 by default', {}, 10],
    ['5', { maxAllowedUnauthenticatedCommands: 5 }, 5],
    ['20', { maxAllowedUnauthenticatedCommands: 20 }, 20],
  ] as const) {
    test(`maxAllowedUnauthenticatedCommands: ${what}: the command that reaches it gets 421`, async (t) => {
      await using served = await t.serve({ ...demanded, ...options });
      const client = await served.client();
      expect(await codes(client, EHLO, ...noops(limit - 1))).toEqual([...answers(limit - 1), '421']);
      expect(await client.end()).toBe('');
    });

    test(`maxAllowedUnauthenticatedCommands: ${what}: AUTH in time`, async (t) => {
      await using served = await t.serve({ ...demanded, ...options });
      const client = await served.client(EHLO, ...noops(limit - 2));
      expect(await codes(client, PLAIN, ...noops(limit + 2))).toEqual(['235', ...answers(limit + 2)]);
    });
  }

  test('maxAllowedUnauthenticatedCommands: false: no limit', async (t) => {
    await using served = await t.serve({ ...demanded, maxAllowedUnauthenticatedCommands: false });
    expect(await codes(await served.client(EHLO), ...noops(30))).toEqual(answers(30));
  });

  for (const [what, options] of [
    ['where AUTH is optional', { authOptional: true }],
    ['where AUTH is disabled', { disabledCommands: ['AUTH'] }],
  ] as const) {
    test(`maxAllowedUnauthenticatedCommands: no limit ${what}`, async (t) => {
      await using served = await t.serve({ ...demanded, ...options, maxAllowedUnauthenticatedCommands: 3 });
      expect(await codes(await served.client(EHLO), ...noops(12))).toEqual(answers(12));
    });
  }

  test('maxAllowedUnauthenticatedCommands: commands that are refused count', async (t) => {
    await using served = await t.serve({ ...demanded, maxAllowedUnauthenticatedCommands: 4 });
    expect(await codes(await served.client(EHLO), MAIL, RCPT, 'DATA')).toEqual(['530', '530', '421']);
  });

  test('maxAllowedUnauthenticatedCommands: a try of AUTH does not count', async (t) => {
    await using served = await t.serve({ ...demanded, maxAllowedUnauthenticatedCommands: 3 });
    const client = await served.client(EHLO);
    expect(await codes(client, GUESS, GUESS, GUESS, PLAIN, MAIL)).toEqual(['535', '535', '535', '235', '250']);
  });

  test('maxAllowedUnauthenticatedCommands: counts before EHLO', async (t) => {
    await using served = await t.serve({ ...demanded, maxAllowedUnauthenticatedCommands: 3 });
    expect(await codes(await served.client(), ...noops(3))).toEqual(['250', '250', '421']);
  });

  test('maxAllowedUnauthenticatedCommands: every session counts for itself', async (t) => {
    await using served = await t.serve({ ...demanded, maxAllowedUnauthenticatedCommands: 3 });
    for (let count = 0; count < 3; count++)
      expect(await codes(await served.client(), EHLO, 'NOOP')).toEqual(['250', '250']);
  });
}

function describeUnknownCommands({ test }: Contract): void {
  const odd = (count: number): string[] => Array.from({ length: count }, () => 'ODD');
  const unknown = (count: number): string[] => Array.from({ length: count }, () => '500');

  test('the tenth unknown command gets 421, and the connection is closed', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    expect(await codes(client, ...odd(10))).toEqual([...unknown(9), '421']);
    expect(await client.end()).toBe('');
  });

  test('unknown commands count although others come between them', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    const lines = odd(10).flatMap((line) => [line, 'NOOP']);
    expect(await codes(client, ...lines.slice(0, -1))).toEqual([...unknown(9).flatMap((code) => [code, '250']), '421']);
  });

  test('unknown commands count anew after a message', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    await codes(client, ...odd(9));
    expect(codeOf(await deliver(client))).toBe('250');
    expect(await codes(client, ...odd(10))).toEqual([...unknown(9), '421']);
  });

  test('unknown commands do not count anew after RSET', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO, ...odd(9));
    expect(await codes(client, MAIL, 'RSET', 'ODD')).toEqual(['250', '250', '421']);
  });

  test('unknown commands: disabled ones and empty lines are among them', async (t) => {
    await using served = await t.serve({ disabledCommands: ['VRFY'] });
    const client = await served.client(EHLO, ...odd(7));
    expect(await codes(client, 'VRFY ann', '', 'ODD')).toEqual(['500', '500', '421']);
  });

  test('unknown commands: WIZ, SHELL and KILL are among them', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO, ...odd(6));
    expect(await codes(client, 'WIZ', 'SHELL', 'KILL ann', 'ODD')).toEqual(['500', '500', '500', '421']);
  });

  for (const [what, line, code] of [
    ['wrong arguments', 'MAIL FROM ann', '501'],
    ['the wrong moment', 'DATA', '503'],
  ] as const) {
    test(`unknown commands: ${what} are not among them`, async (t) => {
      await using served = await t.serve();
      const lines = Array.from({ length: 15 }, () => line);
      expect(await codes(await served.client(EHLO), ...lines)).toEqual(lines.map(() => code));
    });
  }

  test('unknown commands that are pipelined: ten replies', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    client.send('ODD\r\n'.repeat(50));
    const unread = await client.end();
    expect(unread.match(/^\d{3}/gm)).toEqual([...unknown(9), '421']);
  });
}
