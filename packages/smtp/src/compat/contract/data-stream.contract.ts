import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { codeOf, deliver, ENVELOPE } from './contract-client.ts';
import type { ContractSession, ContractStream } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';

export function describeDataStream(contract: Contract): void {
  /** What a look at the stream gives, when it has come to its end. */
  const lookAt = async <T>(t: ContractCase, look: (stream: ContractStream) => Promise<T>): Promise<T> => {
    const looked = withResolvers<T>();
    await using served = await t.serve({
      onData(stream, _session, callback) {
        void look(stream)
          .then(looked.resolve, looked.reject)
          .finally(() => callback());
      },
    });
    await deliver(await served.client(...ENVELOPE), 'Hello\r\n..world');
    return await looked.promise;
  };

  contract.test('the stream is a Readable, in buffers', async (t) => {
    expect(
      await lookAt(t, async (stream) => {
        const chunks = await stream.toArray();
        return [stream instanceof Readable, chunks.every((chunk) => Buffer.isBuffer(chunk))];
      }),
    ).toEqual([true, true]);
  });

  contract.test('the stream may be iterated', async (t) => {
    expect(
      await lookAt(t, async (stream) => {
        let content = '';
        for await (const chunk of stream) content += String(chunk);
        return content;
      }),
    ).toBe('Hello\r\n.world\r\n');
  });

  contract.test('the stream may be read with an encoding', async (t) => {
    expect(
      await lookAt(t, async (stream) => {
        stream.setEncoding('utf8');
        return (await stream.toArray()).join('');
      }),
    ).toBe('Hello\r\n.world\r\n');
  });

  contract.test('the stream counts the octets of the content', async (t) => {
    expect(
      await lookAt(t, async (stream) => {
        const before = stream.byteLength;
        const content = await buffer(stream);
        return [before, stream.byteLength - content.length, stream.sizeExceeded];
      }),
    ).toEqual([0, 0, false]);
  });

  contract.test('the stream may be read later', async (t) => {
    expect(
      await lookAt(t, async (stream) => {
        await new Promise(setImmediate);
        return String(await buffer(stream));
      }),
    ).toBe('Hello\r\n.world\r\n');
  });

  const broken = async (
    t: ContractCase,
    leave: (client: Awaited<ReturnType<Awaited<ReturnType<ContractCase['serve']>>['client']>>) => void,
  ): Promise<{ events: string[]; stream: ContractStream | undefined }> => {
    const events: string[] = [];
    const closed = withResolvers<ContractSession>();
    let kept: ContractStream | undefined;
    await using served = await t.serve({
      onData(stream, _session, callback) {
        kept = stream;
        stream.on('end', () => events.push('end'));
        stream.on('close', () => events.push('close'));
        stream.on('error', (error) => {
          events.push('error');
          callback(error);
        });
        stream.resume();
      },
      onClose: closed.resolve,
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send('Hello\r\n');
    leave(client);
    await closed.promise;
    return { events, stream: kept };
  };

  for (const [what, leave] of [
    ['ends', 'end'],
    ['breaks', 'destroy'],
    ['resets', 'resetAndDestroy'],
  ] as const) {
    contract.test(`a client that ${what} the connection destroys the stream, with an error`, async (t) => {
      const { events, stream } = await broken(t, (client) => void client.socket[leave]());
      expect(events).toEqual(['error', 'close']);
      expect(stream?.destroyed).toBe(true);
      expect(stream?.readableEnded).toBe(false);
    });
  }

  contract.test('a client that goes away ends an iteration with an error', async (t) => {
    const iterated = withResolvers<string>();
    await using served = await t.serve({
      onData(stream) {
        void (async () => {
          try {
            for await (const _chunk of stream);
            iterated.resolve('ended');
          } catch (error) {
            iterated.resolve(error instanceof Error ? 'failed' : 'failed with something else');
          }
        })();
      },
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send('Hello\r\n');
    client.socket.destroy();
    expect(await iterated.promise).toBe('failed');
  });

  contract.test('a stream that nobody reads holds the client back', async (t) => {
    const size = 64_000_000;
    const asked = withResolvers<ContractStream>();
    await using served = await t.serve({
      onData(stream, _session, callback) {
        stream.on('end', () => callback());
        asked.resolve(stream);
      },
    });
    const client = await served.client(...ENVELOPE, 'DATA');
    client.send(Buffer.alloc(size, 'Hello\r\n'));
    const stream = await asked.promise;
    // As the system’s buffers fill up, others are served.
    const other = await served.client();
    for (let i = 0; i < 200; i++) await other.ask('NOOP');
    expect(stream.byteLength).toBeLessThan(2_000_000);
    expect(client.socket.writableLength).toBeGreaterThan(size / 4);
    stream.resume();
    expect(codeOf(await client.ask('\r\n.'))).toBe('250');
    expect(stream.byteLength).toBeGreaterThanOrEqual(size);
  });
}
