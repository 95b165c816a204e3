import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { withResolvers } from '../server/with-resolvers.ts';
import { ENVELOPE, say, Served } from './testing/served.ts';
import type { SMTPServerDataStream, SMTPServerError } from './types.ts';

const IN_BODY = [...ENVELOPE, 'DATA'];
const MEGABYTE = 2 ** 20;
/** Lines that would be commands. */
const COMMANDS = Buffer.from('QUIT\r\n'.repeat(MEGABYTE));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a slow reader holds the client back', async () => {
  let buffered = 0;
  const hash = createHash('sha256');
  await using served = await Served.options({
    authOptional: true,
    async onData(stream) {
      for await (const chunk of stream) {
        // Time for whatever may come to come.
        await turn();
        await turn();
        buffered = Math.max(buffered, stream.readableLength);
        hash.update(chunk as Buffer);
      }
      return `${stream.byteLength}`;
    },
  });
  const body = Buffer.alloc(20 * MEGABYTE, 'twenty megabytes of lines of text\r\n');
  await using client = await served.client(...IN_BODY);
  client.send(body);
  expect(client.socket.writableNeedDrain).toBe(true);
  expect(await client.ask('\r\n.')).toBe(`250 ${body.length + 2}`);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(body).update('\r\n').digest('hex'));
  expect(buffered).toBeLessThan(MEGABYTE / 4);
});

test('nothing is added, and only stuffed dots are removed', async () => {
  await using served = await Served.options({
    authOptional: true,
    onData: async (stream) => JSON.stringify(Buffer.concat(await stream.toArray()).toString('latin1')),
  });
  await using client = await served.client(...IN_BODY);
  client.send('..\r\n...two\r\nbare\n..LF\n.\n\r');
  expect(await client.ask('\n.')).toBe(`250 ${JSON.stringify('.\r\n..two\r\nbare\n..LF\n.\n\r\n')}`);
});

test('byteLength and sizeExceeded are up to date while the message comes in', async () => {
  const seen = withResolvers<SMTPServerDataStream>();
  await using served = await Served.options({
    authOptional: true,
    size: 10,
    onData(stream, _session, callback) {
      stream.once('data', () => seen.resolve(stream));
      stream.on('end', () => callback(null, `${stream.byteLength} ${stream.sizeExceeded}`));
    },
  });
  await using client = await served.client(...IN_BODY);
  client.send('..34567\r\n');
  const stream = await seen.promise;
  expect([stream.byteLength, stream.sizeExceeded]).toEqual([8, false]);
  client.send('9\r\n');
  await once(stream, 'data');
  expect([stream.byteLength, stream.sizeExceeded]).toEqual([11, true]);
  expect(await client.ask('.')).toBe('250 11 true');
});

describe('a handler that answers early', () => {
  const full: SMTPServerError = Object.assign(new Error('Full'), { responseCode: 552 });

  test.each<[string, (stream: SMTPServerDataStream, callback: (error: Error) => void) => void]>([
    ['having read nothing', (_stream, callback) => callback(full)],
    ['having read something', (stream, callback) => stream.once('data', () => callback(full))],
    ['and pauses', (stream, callback) => stream.once('data', () => callback(full)).once('data', () => stream.pause())],
    [
      'and destroys the stream',
      (stream, callback) => stream.once('data', () => [callback(full), stream.destroy(full)]),
    ],
    [
      "and listens for 'readable' without reading",
      (stream, callback) => [stream.on('readable', () => {}), callback(full)],
    ],
    [
      'and destroys the stream while the client is held back',
      (stream, callback) => stream.once('readable', () => [callback(full), stream.destroy()]),
    ],
    [
      'and reads no further than a chunk',
      (stream, callback) => {
        void (async () => {
          for await (const _chunk of stream) break;
          callback(full);
        })();
      },
    ],
  ])('%s: the rest is drained, and taken for no command', async (_when, onData) => {
    await using served = await Served.options({
      authOptional: true,
      onData: (stream, _session, callback) => onData(stream, callback),
    });
    await using client = await served.client(...IN_BODY);
    client.send(COMMANDS);
    expect(await client.ask('.')).toBe('552 Full');
    expect(await client.ask('NOOP')).toBe('250 OK');
  });

  test('still has what it reads on', async () => {
    const whole = withResolvers<number>();
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, callback) {
        callback(null, 'Thanks');
        let length = 0;
        stream.on('data', (chunk: Buffer) => (length += chunk.length));
        stream.on('end', () => whole.resolve(length));
      },
    });
    await using client = await served.client(...IN_BODY);
    client.send(COMMANDS);
    expect(await client.ask('.')).toBe('250 Thanks');
    expect(await whole.promise).toBe(COMMANDS.length);
  });
});

describe('rejectOversized', () => {
  test('refuses whatever the handler says, which has had all of it', async () => {
    const lengths: number[] = [];
    await using served = await Served.options({
      authOptional: true,
      size: 10,
      rejectOversized: true,
      async onData(stream) {
        lengths.push(Buffer.concat(await stream.toArray()).length);
        return 'Queued';
      },
    });
    await using client = await served.client(...IN_BODY);
    expect(await client.ask('12345678901\r\n.')).toMatch(/^552 /);
    await say(client, ...IN_BODY.slice(1));
    expect(await client.ask('12345678\r\n.')).toBe('250 Queued');
    expect(lengths).toEqual([13, 10]);
  });

  test('in LMTP refuses for every recipient', async () => {
    await using served = await Served.options({ lmtp: true, authOptional: true, size: 10, rejectOversized: true });
    await using client = await served.client(
      'LHLO client.example',
      ...IN_BODY.slice(1, 3),
      'RCPT TO:<c@d.example>',
      'DATA',
    );
    expect(await client.ask('12345678901\r\n.')).toMatch(/^552 /);
    expect(await client.reply()).toMatch(/^552 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });
});

test('a size of 0 is no limit (RFC 1870 §3)', async () => {
  await using served = await Served.options({
    authOptional: true,
    size: 0,
    onData: (stream) => `${stream.sizeExceeded}`,
  });
  await using client = await served.client();
  expect(await client.ask('EHLO client.example')).not.toContain('SIZE');
  await say(client, 'MAIL FROM:<ann@example.org> SIZE=1000', 'RCPT TO:<bob@example.org>', 'DATA');
  expect(await client.ask('Hello\r\n.')).toBe('250 false');
});

describe('a client that goes away in mid-message', () => {
  test.each<[string, 'destroy' | 'resetAndDestroy' | 'end']>([
    ['leaves', 'destroy'],
    ['resets', 'resetAndDestroy'],
    ['sends no more', 'end'],
  ])('and %s destroys the stream', async (_how, leave) => {
    const opened = withResolvers<SMTPServerDataStream>();
    const told = withResolvers<string>();
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, callback) {
        opened.resolve(stream);
        stream.resume().on('error', (error) => {
          told.resolve(error.message);
          callback(error);
        });
      },
    });
    await using client = await served.client(...IN_BODY);
    client.send('Hello\r\n');
    const stream = await opened.promise;
    await once(stream, 'data');
    client.socket[leave]();
    expect(await told.promise).toMatch(/closed the connection before the end/);
    expect(stream.destroyed).toBe(true);
  });

  test('is no unhandled error where the handler does not listen', async () => {
    const opened = withResolvers<SMTPServerDataStream>();
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, _callback) {
        opened.resolve(stream.resume());
      },
    });
    await using client = await served.client(...IN_BODY);
    const stream = await opened.promise;
    client.socket.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.errored).toBeInstanceOf(Error);
  });

  test('is no unhandled rejection where it fails a handler that returns a promise', async () => {
    const opened = withResolvers<SMTPServerDataStream>();
    const failed = withResolvers<void>();
    await using served = await Served.options({
      authOptional: true,
      async onData(stream) {
        opened.resolve(stream);
        await stream.toArray().finally(failed.resolve);
      },
    });
    await using client = await served.client(...IN_BODY);
    await opened.promise;
    client.socket.destroy();
    await failed.promise;
    await turn();
  });
});
