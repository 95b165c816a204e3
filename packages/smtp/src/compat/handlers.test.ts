import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { ENVELOPE, say, Served } from './testing/served.ts';
import type { SMTPServerOptions } from './options.ts';
import type { SMTPServerError } from './types.ts';

/** What went wrong is told to the server's own side. */
const FAILED = '451 Local error in processing';

type OnMailFrom = NonNullable<SMTPServerOptions['onMailFrom']>;

const withCode = (responseCode: number): SMTPServerError => Object.assign(new Error('No'), { responseCode });

describe('what a handler says', () => {
  test.each<[string, string, OnMailFrom]>([
    ['calls back', '250 Sender accepted', (_address, _session, callback) => callback()],
    ['calls back later', '250 Sender accepted', (_address, _session, callback) => setImmediate(callback)],
    ['returns nothing', '250 Sender accepted', () => {}],
    ['returns a promise', '250 Sender accepted', async () => 'what ever'],
    ['calls back with an error', '550 No', (_address, _session, callback) => callback(new Error('No'))],
    ['calls back with an error later', '550 No', (_a, _session, callback) => setImmediate(callback, new Error('No'))],
    ['calls back with a responseCode', '451 No', (_address, _session, callback) => callback(withCode(451))],
    ['calls back with one that refuses nothing', '550 No', (_address, _session, callback) => callback(withCode(250))],
    ['calls back with one that is none', '550 No', (_address, _session, callback) => callback(withCode(Number.NaN))],
    ['calls back with a string', '550 No', (_address, _session, callback) => callback('No' as unknown as Error)],
    ['calls back with an error without a text', '550 Error', (_address, _session, callback) => callback(new Error())],
    ['rejects', FAILED, () => Promise.reject(new Error('No'))],
    ['rejects with a responseCode', '451 No', () => Promise.reject(withCode(451))],
    ['rejects although it has a callback', FAILED, (_address, _session, _callback) => Promise.reject(new Error('No'))],
    [
      'throws',
      FAILED,
      () => {
        throw new Error('No');
      },
    ],
    [
      'throws although it has a callback',
      FAILED,
      (_address, _session, _callback) => {
        throw new Error('No');
      },
    ],
    [
      'throws a responseCode although it has a callback',
      '553 No',
      (_address, _session, _callback) => {
        throw withCode(553);
      },
    ],
    [
      'answers twice',
      '250 Sender accepted',
      (_address, _session, callback) => {
        callback();
        callback(new Error('No'));
      },
    ],
    ['injects a reply', '550 No 250 Yes', (_address, _session, callback) => callback(new Error('No\r\n250 Yes\r\n'))],
  ])('that %s: %s', async (_what, reply, onMailFrom) => {
    await using served = await Served.options({ authOptional: true, onMailFrom });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask('MAIL FROM:<ann@example.org>')).toBe(reply);
    expect(await client.ask('NOOP')).toBe('250 OK');
  });

  test('with 421, closes', async () => {
    await using served = await Served.options({
      authOptional: true,
      onMailFrom: (_address, _session, callback) => callback(withCode(421)),
    });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask('MAIL FROM:<ann@example.org>')).toBe('421 No');
    expect(await client.end()).toBe('');
  });
});

describe('the usual refusal, with enhanced status codes', () => {
  const no = (_subject: unknown, _session: unknown, callback: (error: Error) => void): void =>
    callback(new Error('No'));
  const options: SMTPServerOptions = { authOptional: true, allowInsecureAuth: true, hideENHANCEDSTATUSCODES: false };

  test('of onAuth', async () => {
    await using served = await Served.options({ ...options, onAuth: no });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask('AUTH PLAIN AGFiYwBkZWY=')).toBe('535 5.7.8 No');
  });

  test('of onMailFrom, onRcptTo and onData', async () => {
    await using served = await Served.options({
      ...options,
      onMailFrom: (address, session, callback) =>
        address.address === '' ? no(address, session, callback) : callback(),
      onRcptTo: (address, session, callback) =>
        address.address === 'no@example.org' ? no(address, session, callback) : callback(),
      onData: no,
    });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask('MAIL FROM:<>')).toBe('550 5.1.0 No');
    await client.ask('MAIL FROM:<ann@example.org>');
    expect(await client.ask('RCPT TO:<no@example.org>')).toBe('550 5.1.1 No');
    await say(client, 'RCPT TO:<bob@example.org>', 'DATA');
    expect(await client.ask('.')).toBe('450 4.0.0 No');
  });

  test('of a handler that fails', async () => {
    const onRcptTo = (): Promise<never> => Promise.reject(new Error('No such table'));
    await using served = await Served.options({
      ...options,
      onRcptTo: (_address, _session, _callback) => onRcptTo(),
    });
    await using client = await served.client('EHLO client.example', 'MAIL FROM:<ann@example.org>');
    expect(await client.ask('RCPT TO:<bob@example.org>')).toBe(`451 4.3.0 ${FAILED.slice(4)}`);
  });
});

describe('onAuth', () => {
  const AUTH = 'AUTH PLAIN AGFiYwBkZWY=';

  test.each<[string, string, NonNullable<SMTPServerOptions['onAuth']>]>([
    ['a user', '235 Authentication succeeded', async () => ({ user: 'abc' })],
    ['a user and a text', '235 Welcome', async () => ({ user: 'abc', message: 'Welcome' })],
    ['nothing', '535 Authentication credentials invalid', async () => {}],
    ['no user', '535 Authentication credentials invalid', async () => ({ user: '' })],
    ['a text', '535 Not you', async () => ({ message: 'Not you' })],
    ['a text and a code', '454 Not now', async () => ({ message: 'Not now', responseCode: 454 })],
    ['a code that refuses nothing', '535 Not now', async () => ({ message: 'Not now', responseCode: 235 })],
    [
      'data, which only XOAUTH2 has a challenge for',
      '535 Authentication credentials invalid',
      async () => ({ data: {} }),
    ],
  ])('answers %s: %s', async (_what, reply, onAuth) => {
    await using served = await Served.options({ allowInsecureAuth: true, onAuth });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask(AUTH)).toBe(reply);
    expect(await client.ask('MAIL FROM:<ann@example.org>')).toMatch(reply.startsWith('235') ? /^250 / : /^530 /);
  });

  test('answers data that JSON has no text for: 451', async () => {
    const data: { self?: object } = {};
    data.self = data;
    const token = Buffer.from('user=abc\x01auth=Bearer def\x01\x01').toString('base64');
    await using served = await Served.options({
      allowInsecureAuth: true,
      authMethods: ['XOAUTH2'],
      onAuth: (_auth, _session, callback) => setImmediate(callback, null, { data }),
    });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask(`AUTH XOAUTH2 ${token}`)).toMatch(/^451 /);
  });

  test('is not there: nobody logs in', async () => {
    await using served = await Served.options({ allowInsecureAuth: true });
    await using client = await served.client('EHLO client.example');
    expect(await client.ask(AUTH)).toBe('535 Authentication credentials invalid');
  });

  test('of a mechanism that nobody knows: advertised, and 504', async () => {
    await using served = await Served.options({ allowInsecureAuth: true, authMethods: [' ntlm ', 'PLAIN'] });
    await using client = await served.client();
    expect(await client.ask('EHLO client.example')).toContain('250-AUTH NTLM PLAIN\r\n');
    expect(await client.ask('AUTH NTLM')).toMatch(/^504 /);
  });
});

describe('onData in LMTP', () => {
  const lmtp = (answer: NonNullable<SMTPServerOptions['onData']>): Promise<Served> =>
    Served.options({ lmtp: true, authOptional: true, onData: answer });
  const RECIPIENTS = ['RCPT TO:<a@example.org>', 'RCPT TO:<b@example.org>', 'RCPT TO:<a@example.org>'];

  /** The replies to a body for a, b and a again. */
  async function deliver(served: Served): Promise<string[]> {
    await using client = await served.client(
      'LHLO client.example',
      'MAIL FROM:<ann@example.org>',
      ...RECIPIENTS,
      'DATA',
    );
    return [await client.ask('.'), await client.reply(), await client.reply()];
  }

  test('a recipient that is repeated has one answer, given as often as it was accepted (RFC 2033 §4.2)', async () => {
    await using served = await lmtp((_stream, { envelope }) => envelope.rcptTo.map(({ address }) => `for ${address}`));
    expect(await deliver(served)).toEqual(['250 for a@example.org', '250 for b@example.org', '250 for a@example.org']);
  });

  test('errors, also of another realm, refuse one recipient', async () => {
    await using served = await lmtp(() => [
      runInNewContext("Object.assign(new Error('No'), { responseCode: 550 })") as SMTPServerError,
      true,
    ]);
    expect(await deliver(served)).toEqual(['550 No', '250 Message accepted', '550 No']);
  });

  test('a list that is too short leaves the others accepted', async () => {
    await using served = await lmtp(() => [new Error('No')]);
    expect(await deliver(served)).toEqual(['450 No', '250 Message accepted', '450 No']);
  });

  test('a text is for all, an error too', async () => {
    await using accepting = await lmtp(() => 'Delivered');
    await using refusing = await lmtp(() => Promise.reject(withCode(552)));
    expect(await deliver(accepting)).toEqual(['250 Delivered', '250 Delivered', '250 Delivered']);
    expect(await deliver(refusing)).toEqual(['552 No', '552 No', '552 No']);
  });
});

test('onData in SMTP: what is no text for the client is not sent to it', async () => {
  const onData = ((_stream, _session, callback) => callback(null, { id: 1 } as never)) as SMTPServerOptions['onData'] &
    object;
  await using served = await Served.options({ authOptional: true, onData });
  await using client = await served.client(...ENVELOPE, 'DATA');
  expect(await client.ask('.')).toBe('250 Message accepted');
});

test('handlers may be assigned while the server runs, and have it as `this`', async () => {
  await using served = await Served.options({ authOptional: true });
  await using client = await served.client('EHLO client.example');
  expect(await client.ask('MAIL FROM:<ann@example.org>')).toBe('250 Sender accepted');
  served.server.onRcptTo = function onRcptTo(this: unknown, _address, _session, callback) {
    callback(new Error(this === served.server ? 'Full' : 'Lost'));
  };
  expect(await client.ask('RCPT TO:<bob@example.org>')).toBe('550 Full');
});

test.each<[string, unknown]>([
  ['without a text', Object.create(null)],
  [
    'whose responseCode can not be read',
    {
      get responseCode() {
        throw new Error('broken on purpose');
      },
    },
  ],
])('a handler that throws, or rejects with, something %s has failed', async (_what, thrown) => {
  const reported: Error[] = [];
  const fail = (): never => {
    throw thrown;
  };
  for (const handler of [fail, async () => fail()]) {
    await using served = await Served.options({ authOptional: true, onMailFrom: handler });
    served.server.on('error', (error) => reported.push(error));
    await using client = await served.client('EHLO client.example');
    expect(await client.ask('MAIL FROM:<ann@example.org>')).toBe(FAILED);
  }
  expect(reported).toHaveLength(2);
});

test('mocks of vitest answer by what they return', async () => {
  const onMailFrom = vi.fn<(...args: unknown[]) => Promise<void>>(async () => {});
  await using served = await Served.options({ authOptional: true, onMailFrom, onRcptTo: vi.fn<() => void>() });
  await using client = await served.client(...ENVELOPE);
  expect(await client.ask('DATA')).toMatch(/^354 /);
  expect(onMailFrom).toHaveBeenCalledOnce();
});
