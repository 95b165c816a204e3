import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { codeOf, codes, deliver, ENVELOPE } from './contract-client.ts';
import { refusal, type ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';

export function describeAnswers(contract: Contract): void {
  describeTexts(contract);
  describeEarlyAnswers(contract);
}

type Answer = Parameters<Parameters<NonNullable<ContractOptions['onData']>>[2]>[1];

function describeTexts(contract: Contract): void {
  const replyTo = async (t: ContractCase, answer: Answer, options: ContractOptions = {}): Promise<string> => {
    await using served = await t.serve({
      onData(stream, _session, callback) {
        stream.on('end', () => callback(null, answer)).resume();
      },
      ...options,
    });
    const client = await served.client(...ENVELOPE);
    const reply = await deliver(client);
    expect(await codes(client, 'HELP')).toEqual(['214']);
    return reply;
  };

  contract.test('a text is the text of the 250', async (t) => {
    expect(await replyTo(t, 'Queued as abc')).toBe('250 Queued as abc');
  });

  contract.test('a text has its enhanced status code', async (t) => {
    expect(await replyTo(t, 'Queued as abc', { hideENHANCEDSTATUSCODES: false })).toBe('250 2.6.0 Queued as abc');
  });

  contract.test('without a text the reply has one of its own', async (t) => {
    expect(await replyTo(t, undefined)).toMatch(/^250 \w/);
  });

  contract.test('a text can’t inject a reply', async (t) => {
    expect(await replyTo(t, 'Queued\r\n550 No\n214 Help')).toMatch(/^250 Queued +550 No +214 Help$/);
  });

  contract.test('controls in a text do not reach the client', async (t) => {
    expect(await replyTo(t, 'a\0b\x1b[31mc\x7fd')).toMatch(/^250 [\t\x20-\x7e]+$/);
  });

  contract.test('what is no text is not sent', async (t) => {
    expect(await replyTo(t, { id: 1 } as unknown as string)).toMatch(/^250 \w/);
  });

  contract.test('in SMTP a list makes one reply', async (t) => {
    expect(codeOf(await replyTo(t, ['one', 'two']))).toBe('250');
  });

  contract.test('onData that calls back twice has said the first thing', async (t) => {
    const options: ContractOptions = {
      onData(stream, _session, callback) {
        stream
          .on('end', () => {
            callback(null, 'First');
            callback(refusal('Second'));
          })
          .resume();
      },
    };
    expect(await replyTo(t, undefined, options)).toBe('250 First');
  });

  contract.test('onData may return a promise in the place of the callback', async (t) => {
    const onData = async (stream: Readable): Promise<string> => `${(await buffer(stream)).length} octets`;
    expect(await replyTo(t, undefined, { onData })).toBe('250 7 octets');
  });

  contract.test('onData that throws: 451', async (t) => {
    await using served = await t.serve({
      onData: (_stream, _session, _callback) => {
        throw new Error('thrown');
      },
    });
    const client = await served.client(...ENVELOPE);
    client.send('DATA\r\n');
    const reply = codeOf(await client.reply());
    // It may be known before the client has sent anything.
    expect(reply === '354' ? await client.ask('Hello\r\n.') : reply).toMatch(/^451/);
  });
}

function describeEarlyAnswers(contract: Contract): void {
  for (const [what, onData, reply] of [
    ['a text', (_stream, _session, callback) => callback(null, 'Early'), '250 Early'],
    ['an error', (_stream, _session, callback) => callback(refusal('Early', 552)), '552 Early'],
  ] as const satisfies readonly (readonly [string, NonNullable<ContractOptions['onData']>, string])[]) {
    contract.test(`${what} that comes before the message is sent behind it`, async (t) => {
      await using served = await t.serve({ onData });
      const client = await served.client(...ENVELOPE);
      expect(await codes(client, 'DATA')).toEqual(['354']);
      expect(await client.ask('RSET\r\nNOOP\r\n.')).toBe(reply);
      expect(await codes(client, 'HELP')).toEqual(['214']);
    });

    contract.test(`${what} that comes before the message leaves a large rest to be drained`, async (t) => {
      await using served = await t.serve({ onData });
      const client = await served.client(...ENVELOPE, 'DATA');
      client.send(Buffer.alloc(2_000_000, 'RSET\r\n'));
      expect(await client.ask('\r\n.')).toBe(reply);
      expect(await codes(client, 'HELP', ...ENVELOPE.slice(1))).toEqual(['214', '250', '250']);
    });
  }

  contract.test('421 that comes before the message ends the session', async (t) => {
    await using served = await t.serve({
      onData: (_stream, _session, callback) => callback(refusal('Overloaded', 421)),
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    expect(await client.ask('Hello\r\n.')).toBe('421 Overloaded');
    expect(await client.end()).toBe('');
  });

  contract.test('an answer in mid-message leaves the rest to be drained', async (t) => {
    await using served = await t.serve({
      onData(stream, _session, callback) {
        stream.once('data', () => {
          stream.pause();
          callback(null, 'Enough');
        });
      },
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send(Buffer.alloc(500_000, 'Hello\r\n'));
    expect(await client.ask('\r\n.')).toBe('250 Enough');
    expect(await codes(client, 'HELP')).toEqual(['214']);
  });

  contract.test('a stream that the handler destroys in mid-message leaves the rest to be drained', async (t) => {
    await using served = await t.serve({
      onData(stream, _session, callback) {
        stream.once('data', () => {
          stream.destroy();
          callback(refusal('Enough', 554));
        });
      },
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send(Buffer.alloc(500_000, 'Hello\r\n'));
    expect(await client.ask('\r\n.')).toBe('554 Enough');
    expect(await codes(client, 'HELP')).toEqual(['214']);
  });

  contract.test('a stream that the handler destroys before the message: 354 comes first all the same', async (t) => {
    await using served = await t.serve({
      onData(stream, _session, callback) {
        stream.destroy();
        callback(refusal('Early', 552));
      },
    });
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, 'DATA')).toEqual(['354']);
    expect(await client.ask('Hello\r\n.')).toBe('552 Early');
    expect(await codes(client, 'HELP')).toEqual(['214']);
  });

  contract.test('a message that nobody reads is drained once it is answered', async (t) => {
    const asked = withResolvers<() => void>();
    await using served = await t.serve({ onData: (_stream, _session, callback) => asked.resolve(callback) });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send(Buffer.alloc(500_000, 'Hello\r\n'));
    const reply = client.ask('\r\n.');
    (await asked.promise)();
    expect(codeOf(await reply)).toBe('250');
    expect(await codes(client, 'HELP')).toEqual(['214']);
  });
}
