import { expect } from 'vitest';
import { codes, EHLO, MAIL, RCPT } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeDisabledCommands(contract: Contract): void {
  for (const disabledCommands of [
    ['NOOP', 'HELP'],
    ['noop', 'Help'],
    [' noop ', ' help'],
  ]) {
    contract.test(`disabledCommands: ${JSON.stringify(disabledCommands)} are unknown`, async (t) => {
      await using served = await t.serve({ disabledCommands });
      const client = await served.client();
      expect(await codes(client, 'NOOP', 'noop', 'HELP', 'VRFY ann', 'RSET')).toEqual([
        '500',
        '500',
        '500',
        '252',
        '250',
      ]);
    });
  }

  contract.test('disabledCommands: one string is one command', async (t) => {
    await using served = await t.serve({ disabledCommands: 'noop' });
    const client = await served.client();
    expect(await codes(client, 'NOOP', 'HELP')).toEqual(['500', '214']);
  });

  for (const verb of ['EHLO', 'HELO', 'MAIL', 'RCPT', 'DATA', 'RSET', 'VRFY', 'QUIT']) {
    contract.test(`disabledCommands: ${verb} may be disabled`, async (t) => {
      await using served = await t.serve({ disabledCommands: [verb] });
      const client = await served.client(`${verb === 'HELO' ? 'EHLO' : 'HELO'} client.example`);
      expect(await codes(client, `${verb} client.example`, 'NOOP')).toEqual(['500', '250']);
    });
  }

  contract.test('options.disabledCommands may be changed while the server runs', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'HELP')).toEqual(['214']);
    served.server.options.disabledCommands = ['HELP'];
    expect(await codes(client, 'HELP')).toEqual(['500']);
  });

  contract.test('session.disabledCommands replaces the list for that session', async (t) => {
    await using served = await t.serve({
      disabledCommands: ['NOOP'],
      onConnect(session, callback) {
        session.disabledCommands = ['help', 'AUTH', 'starttls'];
        callback();
      },
    });
    const client = await served.client();
    expect(await client.ask(EHLO)).not.toMatch(/AUTH|STARTTLS/);
    expect(await codes(client, 'NOOP', 'HELP', 'STARTTLS')).toEqual(['250', '500', '500']);
  });

  contract.test('session.disabledCommands may offer what the server does not', async (t) => {
    await using served = await t.serve({
      disabledCommands: ['AUTH', 'HELP'],
      allowInsecureAuth: true,
      onConnect(session, callback) {
        session.disabledCommands = [];
        callback();
      },
    });
    const client = await served.client();
    expect(await client.ask(EHLO)).toContain('AUTH');
    expect(await codes(client, 'HELP')).toEqual(['214']);
  });

  contract.test('session.disabledCommands is one session’s', async (t) => {
    let sessions = 0;
    await using served = await t.serve({
      onConnect(session, callback) {
        if (++sessions === 1) session.disabledCommands = ['NOOP'];
        callback();
      },
    });
    expect(await codes(await served.client(), 'NOOP')).toEqual(['500']);
    expect(await codes(await served.client(), 'NOOP')).toEqual(['250']);
  });

  contract.test('session.disabledCommands may be set and unset by any handler', async (t) => {
    await using served = await t.serve({
      disabledCommands: ['HELP'],
      onMailFrom(_address, session, callback) {
        session.disabledCommands = ['NOOP'];
        callback();
      },
      onRcptTo(_address, session, callback) {
        session.disabledCommands = undefined;
        callback();
      },
    });
    const client = await served.client(EHLO);
    expect(await codes(client, 'NOOP', 'HELP', MAIL, 'NOOP', 'HELP', RCPT, 'NOOP', 'HELP')).toEqual([
      '250',
      '500',
      '250',
      '500',
      '214',
      '250',
      '250',
      '500',
    ]);
  });
}
