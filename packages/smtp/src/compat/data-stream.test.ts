import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { withResolvers } from '../server/with-resolvers.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { DataStream } from './data-stream.ts';
import { newEnvelope } from './envelope.ts';
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

  const answers: [string, (callback: (error: Error | null, text?: string) => void) => void, string][] = [
    ['accepted', (callback) => callback(null, 'Thanks'), '250 Thanks'],
    ['refused', (callback) => callback(full), '552 Full'],
  ];

  test.each(answers)('and pipes it into something slow: that has all of it (%s)', async (_how, answer, reply) => {
    const hash = createHash('sha256');
    const slow = new Writable({
      write: (chunk: Buffer, _encoding, next) => void (hash.update(chunk), setImmediate(next)),
    });
    const streams: SMTPServerDataStream[] = [];
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, callback) {
        streams.push(stream);
        stream.pipe(slow);
        answer(callback);
      },
    });
    await using client = await served.client(...IN_BODY);
    client.send(COMMANDS);
    expect(client.socket.writableNeedDrain).toBe(true);
    expect(await client.ask('.')).toBe(reply);
    await finished(slow);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(COMMANDS).digest('hex'));
    expect(streams[0]!.byteLength).toBe(COMMANDS.length);
  });

  test.each(answers)('and iterates over it at leisure has all of it (%s)', async (_how, answer, reply) => {
    const whole = withResolvers<number>();
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, callback) {
        answer(callback);
        void (async () => {
          let length = 0;
          for await (const chunk of stream) {
            length += (chunk as Buffer).length;
            await turn();
          }
          return length;
        })().then(whole.resolve, whole.reject);
      },
    });
    await using client = await served.client(...IN_BODY);
    client.send(COMMANDS);
    expect(await client.ask('.')).toBe(reply);
    expect(await whole.promise).toBe(COMMANDS.length);
  });

  test('by accepting what nobody reads: the stream fails, and does not end', async () => {
    const streams: SMTPServerDataStream[] = [];
    const events: string[] = [];
    await using served = await Served.options({
      authOptional: true,
      onData(stream) {
        streams.push(stream);
        for (const name of ['end', 'error', 'close']) stream.on(name, () => events.push(name));
        return 'Thanks';
      },
    });
    await using client = await served.client(...IN_BODY);
    expect(await client.ask('Hello\r\n.')).toBe('250 Thanks');
    expect(streams[0]!.errored).toMatchObject({ code: 'ERR_MAILRIG_UNREAD' });
    expect(events).toEqual(['error', 'close']);
  });

  test('by refusing what nobody reads hears of no error, and of no end', async () => {
    const errors: Error[] = [];
    const ended = withResolvers<unknown>();
    await using served = await Served.options({
      authOptional: true,
      onData(stream, _session, callback) {
        stream.on('error', callback);
        finished(stream).then(ended.resolve, ended.resolve);
        callback(full);
      },
    });
    served.server.on('error', (error) => errors.push(error));
    await using client = await served.client(...IN_BODY);
    expect(await client.ask('Hello\r\n.')).toBe('552 Full');
    expect(await ended.promise).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(errors).toEqual([]);
  });
});

describe('by itself', () => {
  const piece = Buffer.alloc(MEGABYTE / 8, 'Hello\r\n');

  function deliver(): { stream: DataStream; clock: ManualClock; resumed: () => number } {
    const clock = new ManualClock();
    let resumes = 0;
    const resume = (): void => void resumes++;
    const envelope = newEnvelope(undefined, false);
    const stream = new DataStream({ envelope, limit: piece.length, transfer: 'BDAT', resume, clock });
    return { stream, clock, resumed: () => resumes };
  }

  test('its envelope is one object', () => {
    const { stream } = deliver();
    expect(stream.envelope).toBe(stream.envelope);
  });

  test('it asks for more once it is destroyed, and wants none of it', () => {
    const { stream, resumed } = deliver();
    expect(stream.feed(piece)).toBe(false);
    expect(resumed()).toBe(0);
    stream.destroy();
    expect(resumed()).toBe(1);
    expect(stream.feed(piece)).toBe(true);
    expect([stream.byteLength, stream.sizeExceeded]).toEqual([2 * piece.length, true]);
  });

  test.each<[string, boolean, number, (stream: DataStream) => void, object | null]>([
    [
      'accepted, and paused',
      false,
      30_000,
      (stream) => stream.on('data', () => {}).pause(),
      { code: 'ERR_MAILRIG_UNREAD' },
    ],
    [
      "accepted, and listened to for 'readable'",
      false,
      30_000,
      (stream) => stream.on('readable', () => {}),
      { code: 'ERR_MAILRIG_UNREAD' },
    ],
    ['refused, and paused', true, 1_000, (stream) => stream.on('data', () => {}).pause(), null],
  ])('%s for ever: the client waits no longer than so', async (_what, refused, patience, listen, failure) => {
    for (const answerFirst of [true, false]) {
      const { stream, clock, resumed } = deliver();
      listen(stream);
      if (answerFirst) stream.drain(refused);
      expect(stream.feed(piece)).toBe(false);
      if (!answerFirst) stream.drain(refused);
      const before = resumed();
      clock.advance(patience - 1);
      expect([stream.destroyed, resumed()]).toEqual([false, before]);
      clock.advance(1);
      expect([stream.destroyed, resumed()]).toEqual([true, before + 1]);
      if (failure === null) expect(stream.errored).toBeNull();
      else expect(stream.errored).toMatchObject(failure);
    }
  });

  test('a reader that takes its time is waited for anew with every piece', () => {
    const { stream, clock } = deliver();
    stream.on('readable', () => {});
    stream.drain();
    for (let count = 1; count <= 3; count++) {
      expect(stream.feed(piece)).toBe(false);
      clock.advance(29_999);
      expect(piece.equals(stream.read() as Buffer)).toBe(true);
    }
    clock.advance(30_000);
    expect(stream.destroyed).toBe(false);
  });

  test('a reader that stops listening for a moment has a second to go on', () => {
    const { stream, clock } = deliver();
    stream.feed(piece);
    expect(piece.equals(stream.read() as Buffer)).toBe(true);
    stream.drain();
    for (let count = 1; count <= 3; count++) {
      expect(stream.feed(piece)).toBe(false);
      clock.advance(999);
      expect(piece.equals(stream.read() as Buffer)).toBe(true);
    }
    stream.feed(piece);
    clock.advance(1_000);
    expect(stream.errored).toMatchObject({ code: 'ERR_MAILRIG_UNREAD' });
  });

  test('what is given up says so truly, whether the client left or not', () => {
    const { stream } = deliver();
    stream.abort();
    expect(stream.errored).toMatchObject({
      code: 'ECONNECTION',
      message: 'The message was given up before its end: the client left or reset the transaction',
    });
  });

  test('before the answer, and once the message is whole, nobody is in a hurry', async () => {
    const { stream, clock } = deliver();
    stream.on('readable', () => {});
    stream.feed(piece);
    clock.advance(30_000);
    stream.drain();
    stream.finish();
    clock.advance(30_000);
    expect(await stream.toArray()).toHaveLength(1);
  });

  test('a reader that leaves after the answer: what is left is drained, and does not end', () => {
    const { stream } = deliver();
    const target = new Writable({ write: () => {} });
    stream.pipe(target);
    stream.drain();
    expect(stream.feed(piece)).toBe(false);
    stream.unpipe(target);
    expect(stream.feed(piece)).toBe(true);
    expect(stream.errored).toMatchObject({ code: 'ERR_MAILRIG_UNREAD' });
  });

  test('what was read to its end has ended', async () => {
    const { stream } = deliver();
    stream.feed(piece);
    stream.finish();
    const ended = once(stream, 'end');
    stream.on('end', () => stream.drain());
    stream.read();
    stream.read();
    await ended;
    expect([stream.readableEnded, stream.errored]).toEqual([true, null]);
  });

  test('what the handler wants to be gone goes, and has ended', async () => {
    const { stream } = deliver();
    stream.resume().drain();
    const ended = once(stream, 'end');
    stream.feed(piece);
    stream.finish();
    await ended;
    expect(stream.errored).toBeNull();
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
    expect(await told.promise).toMatch(/given up before its end/);
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
