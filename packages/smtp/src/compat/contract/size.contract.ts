import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import {
  codeOf,
  codes,
  deliver,
  EHLO,
  ENVELOPE,
  extensionsOf,
  MAIL,
  RCPT,
  say,
  statuses,
  statusOf,
} from './contract-client.ts';
import { refusal, type ContractOptions, type ContractStream } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';

export function describeSize(contract: Contract): void {
  describeAdvertising(contract);
  describeDeclaredSize(contract);
  describeCounting(contract);
  describeRejectOversized(contract);
}

function describeAdvertising(contract: Contract): void {
  for (const [what, options, listed] of [
    ['size: SIZE is listed with its number', { size: 1000 }, ['SIZE 1000']],
    ['without size SIZE is not listed', {}, []],
    ['size 0 is no limit', { size: 0 }, []],
    ['hideSize: SIZE is listed without its number', { size: 1000, hideSize: true }, ['SIZE']],
    ['hideSize without size: SIZE is not listed', { hideSize: true }, []],
    ['hideSize false changes nothing', { size: 1000, hideSize: false }, ['SIZE 1000']],
  ] as const satisfies readonly (readonly [string, ContractOptions, readonly string[]])[]) {
    contract.test(what, async (t) => {
      await using served = await t.serve(options);
      const client = await served.client();
      const lines = extensionsOf(await client.ask(EHLO));
      expect(lines.filter((line) => line.startsWith('SIZE'))).toEqual(listed);
    });
  }

  contract.test('size: LHLO lists it too', async (t) => {
    await using served = await t.serve({ lmtp: true, size: 1000 });
    const client = await served.client();
    expect(extensionsOf(await client.ask('LHLO client.example'))).toContain('SIZE 1000');
  });
}

function describeDeclaredSize(contract: Contract): void {
  contract.test('MAIL with a SIZE above the limit gets 552, at the limit it is accepted', async (t) => {
    await using served = await t.serve({ size: 1000 });
    const client = await served.client(EHLO);
    expect(await codes(client, `${MAIL} SIZE=1001`, `${MAIL} SIZE=99999999999999999999`, `${MAIL} SIZE=1000`)).toEqual([
      '552',
      '552',
      '250',
    ]);
  });

  contract.test('MAIL with a SIZE above the limit asks no handler, and opens nothing', async (t) => {
    const senders: string[] = [];
    await using served = await t.serve({
      size: 1000,
      onMailFrom({ address }, _session, callback) {
        senders.push(address);
        callback();
      },
    });
    const client = await served.client(EHLO);
    expect(await codes(client, `${MAIL} SIZE=1001`, RCPT, MAIL)).toEqual(['552', '503', '250']);
    expect(senders).toEqual(['ann@example.org']);
  });

  contract.test('MAIL with a SIZE above the limit has the enhanced status code 5.3.4', async (t) => {
    await using served = await t.serve({ size: 1000, hideENHANCEDSTATUSCODES: false });
    const client = await served.client(EHLO);
    expect(await statuses(client, `${MAIL} SIZE=1001`)).toEqual(['552 5.3.4']);
  });

  for (const [what, options] of [
    ['without size', {}],
    ['with size 0', { size: 0 }],
    ['with hideSize', { size: 1000, hideSize: true }],
  ] as const satisfies readonly (readonly [string, ContractOptions])[]) {
    contract.test(`${what} any SIZE is accepted at MAIL`, async (t) => {
      await using served = await t.serve(options);
      const client = await served.client(EHLO);
      expect(await codes(client, `${MAIL} SIZE=1000000`)).toEqual(['250']);
    });
  }

  contract.test('a SIZE that was too small is not held against the message', async (t) => {
    await using served = await t.serve({ size: 1000 });
    const client = await served.client(EHLO, `${MAIL} SIZE=1`, RCPT);
    expect(codeOf(await deliver(client, 'Hello world'))).toBe('250');
  });
}

function describeCounting(contract: Contract): void {
  /** What the stream says of itself when it has ended. */
  const measure = async (
    t: ContractCase,
    content: string,
    options: ContractOptions,
  ): Promise<Pick<ContractStream, 'byteLength' | 'sizeExceeded'> & { code: string }> => {
    const measured = withResolvers<Pick<ContractStream, 'byteLength' | 'sizeExceeded'>>();
    await using served = await t.serve({
      ...options,
      onData(stream, _session, callback) {
        stream
          .on('end', () => {
            const { byteLength, sizeExceeded } = stream;
            measured.resolve({ byteLength, sizeExceeded });
            callback();
          })
          .resume();
      },
    });
    const code = codeOf(await deliver(await served.client(...ENVELOPE), content));
    return { ...(await measured.promise), code };
  };

  contract.test('a message above size is flagged, not cut, and accepted where onData accepts it', async (t) => {
    expect(await measure(t, 'Hello world', { size: 10 })).toEqual({ byteLength: 13, sizeExceeded: true, code: '250' });
  });

  contract.test('a message of size is not flagged, one octet more is', async (t) => {
    expect((await measure(t, 'Hello world', { size: 13 })).sizeExceeded).toBe(false);
    expect((await measure(t, 'Hello world', { size: 12 })).sizeExceeded).toBe(true);
  });

  contract.test('dots that are removed do not count', async (t) => {
    expect(await measure(t, '..Hello\r\n..', { size: 11 })).toEqual({
      byteLength: 11,
      sizeExceeded: false,
      code: '250',
    });
  });

  contract.test('hideSize: a message is flagged all the same', async (t) => {
    expect((await measure(t, 'Hello world', { size: 10, hideSize: true })).sizeExceeded).toBe(true);
  });

  contract.test('without size nothing is flagged', async (t) => {
    expect(await measure(t, 'Hello world', {})).toEqual({ byteLength: 13, sizeExceeded: false, code: '250' });
    expect((await measure(t, 'Hello world', { size: 0 })).sizeExceeded).toBe(false);
  });

  contract.test('byteLength and sizeExceeded are live', async (t) => {
    const seen: [boolean, boolean][] = [];
    const exceeded = withResolvers<void>();
    await using served = await t.serve({
      size: 1000,
      onData(stream, _session, callback) {
        let octets = 0;
        stream.on('data', (chunk: Buffer) => {
          octets += chunk.length;
          seen.push([stream.byteLength >= octets, stream.sizeExceeded]);
          if (stream.sizeExceeded) exceeded.resolve();
        });
        stream.on('end', () => callback());
      },
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send('x'.repeat(500));
    client.send(`${'x'.repeat(600)}\r\n`);
    client.send('x'.repeat(100));
    // Before the message has ended.
    await exceeded.promise;
    expect(codeOf(await client.ask('\r\n.'))).toBe('250');
    expect(seen.every(([counted]) => counted)).toBe(true);
  });

  contract.test('onData may refuse what is too large', async (t) => {
    await using served = await t.serve({
      size: 10,
      onData(stream, _session, callback) {
        stream.on('end', () => callback(stream.sizeExceeded ? refusal('Too large', 552) : null)).resume();
      },
    });
    const client = await served.client(...ENVELOPE);
    expect(await deliver(client, 'Hello world')).toBe('552 Too large');
    await say(client, ...ENVELOPE.slice(1));
    expect(codeOf(await deliver(client))).toBe('250');
  });
}

function describeRejectOversized(contract: Contract): void {
  const onDataSays = (error: Error | null, text?: string): ContractOptions => ({
    onData(stream, _session, callback) {
      stream.on('end', () => callback(error, text)).resume();
    },
  });
  const reply = async (t: ContractCase, content: string, options: ContractOptions): Promise<string> => {
    await using served = await t.serve({ rejectOversized: true, ...options });
    const client = await served.client(...ENVELOPE);
    const received = await deliver(client, content);
    // The session goes on.
    expect(await codes(client, 'HELP', ...ENVELOPE.slice(1))).toEqual(['214', '250', '250']);
    return received;
  };

  for (const [what, options] of [
    ['accepts', onDataSays(null, 'Fine')],
    ['refuses otherwise', onDataSays(refusal('Otherwise', 450))],
    ['answers early', { onData: (_stream, _session, callback) => callback(null, 'Fine') }],
    ['is not there', {}],
  ] as const satisfies readonly (readonly [string, ContractOptions])[]) {
    contract.test(`rejectOversized: 552 where onData ${what}`, async (t) => {
      expect(codeOf(await reply(t, 'Hello world', { size: 10, ...options }))).toBe('552');
    });
  }

  contract.test('rejectOversized: the enhanced status code is 5.3.4', async (t) => {
    expect(statusOf(await reply(t, 'Hello world', { size: 10, hideENHANCEDSTATUSCODES: false }))).toBe('552 5.3.4');
  });

  contract.test('rejectOversized: onData gets the whole message', async (t) => {
    let octets = 0;
    const options: ContractOptions = {
      size: 10,
      onData(stream, _session, callback) {
        stream.on('data', (chunk: Buffer) => void (octets += chunk.length));
        stream.on('end', () => callback());
      },
    };
    expect(codeOf(await reply(t, 'Hello world', options))).toBe('552');
    expect(octets).toBe(13);
  });

  contract.test('rejectOversized: what is not too large is onData’s', async (t) => {
    expect(await reply(t, 'Hello', { size: 10, ...onDataSays(null, 'Fine') })).toBe('250 Fine');
    expect(await reply(t, 'Hello', { size: 10, ...onDataSays(refusal('No', 554)) })).toBe('554 No');
  });

  contract.test('rejectOversized: size is the last length that is taken', async (t) => {
    expect(codeOf(await reply(t, 'Hello world', { size: 13 }))).toBe('250');
    expect(codeOf(await reply(t, 'Hello world', { size: 12 }))).toBe('552');
  });

  contract.test('rejectOversized: the limit holds when it is hidden', async (t) => {
    expect(codeOf(await reply(t, 'Hello world', { size: 10, hideSize: true }))).toBe('552');
  });

  contract.test('rejectOversized: without size it has no effect', async (t) => {
    expect(codeOf(await reply(t, 'Hello world', {}))).toBe('250');
    expect(codeOf(await reply(t, 'Hello world', { size: 0 }))).toBe('250');
  });
}
