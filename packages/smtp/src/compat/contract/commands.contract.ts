import { expect } from 'vitest';
import { codeOf, codes, EHLO, ENVELOPE, MAIL, RCPT, say, statuses } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeCommands(contract: Contract): void {
  describeSimpleCommands(contract);
  describeLines(contract);
  describeStatusCodes(contract);
}

function describeSimpleCommands(contract: Contract): void {
  contract.test('NOOP, RSET, HELP and VRFY are answered before EHLO too', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    const commands = ['NOOP', 'RSET', 'HELP', 'VRFY ann'];
    const expected = ['250', '250', '214', '252'];
    expect(await codes(client, ...commands)).toEqual(expected);
    expect(await codes(client, EHLO, ...commands)).toEqual(['250', ...expected]);
  });

  contract.test('NOOP may have an argument', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'NOOP hello there', 'NOOP ')).toEqual(['250', '250']);
  });

  contract.test('HELP points to the RFC, whatever it is asked about', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    for (const reply of await say(client, 'HELP', 'HELP MAIL')) {
      expect(reply).toMatch(/^214 .*https:\/\/\S*rfc5321/);
    }
  });

  contract.test('VRFY needs an argument, and verifies nothing', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'VRFY', 'VRFY ann', 'VRFY <ann@example.org>')).toEqual(['501', '252', '252']);
  });

  contract.test('EXPN is known, and not implemented: 502', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'EXPN list')).toEqual(['502']);
  });

  contract.test('RSET ends a transaction', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, 'RSET', 'DATA', RCPT, ...ENVELOPE.slice(1))).toEqual([
      '250',
      '503',
      '503',
      '250',
      '250',
    ]);
  });

  contract.test('NOOP, HELP and VRFY leave a transaction alone', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, 'NOOP', 'HELP', 'VRFY ann', 'DATA')).toEqual(['250', '214', '252', '354']);
  });

  contract.test('QUIT is answered and ends the session', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    expect(await codes(client, 'quit')).toEqual(['221']);
    expect(await client.end()).toBe('');
  });

  contract.test('QUIT may come first, and in a transaction', async (t) => {
    await using served = await t.serve();
    for (const client of [await served.client(), await served.client(...ENVELOPE)]) {
      expect(await codes(client, 'QUIT')).toEqual(['221']);
      expect(await client.end()).toBe('');
    }
  });

  contract.test('what follows QUIT is not answered', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    client.send('QUIT\r\nNOOP\r\nNOOP\r\n');
    expect(codeOf(await client.reply())).toBe('221');
    expect(await client.end()).toBe('');
  });

  for (const command of ['RSET', 'DATA', 'QUIT']) {
    contract.test(`${command} takes no argument: 501 (RFC 5321 §4.1.1)`, async (t) => {
      await using served = await t.serve();
      const client = await served.client(...ENVELOPE);
      expect(await codes(client, `${command} now`)).toEqual(['501']);
      expect(await codes(client, 'DATA')).toEqual(['354']);
    });
  }

  contract.test('verbs are understood in any case', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(
      await codes(
        client,
        'ehlo client.example',
        'noop',
        'Rset',
        'hElp',
        'vrfy ann',
        'mail from:<ann@example.org>',
        'Rcpt To:<bob@example.org>',
        'data',
      ),
    ).toEqual(['250', '250', '250', '214', '252', '250', '250', '354']);
  });
}

function describeLines(contract: Contract): void {
  contract.test('what nobody knows gets 500', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'FOO', 'FOO bar', 'NOOPS', 'TURN', '')).toEqual(Array.from({ length: 5 }, () => '500'));
  });

  contract.test('a verb has nothing before it, and a space behind it', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    expect(await codes(client, ' NOOP', 'NOOP\tx', 'MAILFROM:<ann@example.org>', 'NO\0OP')).toEqual(
      Array.from({ length: 4 }, () => '500'),
    );
  });

  for (const [what, octets] of [
    ['LF', 'NOOP\nNOOP'],
    ['CR', 'NOOP\rNOOP'],
  ] as const) {
    contract.test(`a bare ${what} does not end a command (RFC 5321 §2.3.8)`, async (t) => {
      await using served = await t.serve();
      const client = await served.client(EHLO);
      // Whether it is content or an error: there is one reply.
      expect(await client.ask(octets)).toMatch(/^(250|50[01]) /);
      expect(await codes(client, 'HELP')).toEqual(['214']);
    });
  }

  contract.test('names of the properties of an object are unknown commands', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'constructor', '__proto__', 'toString x', 'NOOP')).toEqual(['500', '500', '500', '250']);
  });

  contract.test('an unknown command leaves a transaction alone', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, 'FOO', 'DATA')).toEqual(['500', '354']);
  });
}

function describeStatusCodes(contract: Contract): void {
  contract.test('without ENHANCEDSTATUSCODES no reply has one', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    expect(await statuses(client, 'NOOP', 'FOO', 'RSET', 'DATA', 'VRFY ann', 'HELP', ...ENVELOPE.slice(1))).toEqual([
      '250',
      '500',
      '250',
      '503',
      '252',
      '214',
      '250',
      '250',
    ]);
  });

  contract.test('with ENHANCEDSTATUSCODES the replies have theirs (RFC 2034 §4)', async (t) => {
    await using served = await t.serve({ hideENHANCEDSTATUSCODES: false });
    const client = await served.client(EHLO);
    expect(
      await statuses(
        client,
        'NOOP',
        'RSET',
        'DATA',
        'VRFY',
        'MAIL FROM:<ann',
        'MAIL FROM:<ann@example.org> SIZE=x',
        MAIL,
        'RCPT TO:<bob',
        RCPT,
        'DATA',
        'Hello\r\n.',
        'QUIT',
      ),
    ).toEqual([
      '250 2.0.0',
      '250 2.0.0',
      '503 5.5.1',
      '501 5.5.4',
      '501 5.1.7',
      '501 5.5.4',
      '250 2.1.0',
      '501 5.1.3',
      '250 2.1.5',
      '354',
      '250 2.6.0',
      '221 2.0.0',
    ]);
  });

  contract.test('with ENHANCEDSTATUSCODES an unknown command has a permanent one', async (t) => {
    await using served = await t.serve({ hideENHANCEDSTATUSCODES: false });
    const client = await served.client(EHLO);
    expect(await client.ask('FOO')).toMatch(/^500 5\.5\.[12] /);
    expect(await client.ask('VRFY ann')).toMatch(/^252 2\.[0-9]\.[0-9] /);
  });

  contract.test('neither the greeting nor the reply to EHLO has an enhanced status code', async (t) => {
    await using served = await t.serve({ hideENHANCEDSTATUSCODES: false });
    const client = await served.connected();
    expect(await client.reply()).not.toMatch(/\d\.\d\.\d/);
    expect(await client.ask(EHLO)).not.toMatch(/2\.\d\.\d/);
    expect(await client.ask('HELO client.example')).not.toMatch(/2\.\d\.\d/);
  });
}
