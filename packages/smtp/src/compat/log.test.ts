import { describe, expect, test, vi } from 'vitest';
import { withResolvers } from '../server/with-resolvers.ts';
import { SMTPServer } from './smtp-server.ts';
import { mailIdentity } from './testing/identities.ts';
import { say, Served } from './testing/served.ts';
import { loggerOf, noLog } from './log.ts';
import type { SMTPServerLogger, SMTPServerOptions } from './options.ts';
import type { SMTPServerSession } from './types.ts';

type LogFields = Readonly<Record<'component' | 'tnx' | 'sid' | 'cid' | 'host', string | undefined>>;

/** What a session over STARTTLS with AUTH writes to the log. */
async function logOf(options: SMTPServerOptions): Promise<void> {
  await using served = await Served.options({ onAuth: () => ({ user: 'ann' }), ...options });
  await using client = await served.client('EHLO client.example');
  client.send('STARTTLS\r\nNOOP\r\n');
  await client.startTlsAfterReply(served.ca);
  await say(client, 'EHLO client.example', 'AUTH LOGIN', 'YW5u', 'c2VjcmV0', 'QUIT');
  await client.end();
}

test('a logger is given the dialogue, without its secrets', async () => {
  const lines: [string, object, string][] = [];
  const level =
    (name: keyof SMTPServerLogger) =>
    (fields: object, text: string): void =>
      void lines.push([name, fields, text]);
  const logger = { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
  await logOf({ logger, component: 'mx' });
  const texts = lines.map(([name, fields, text]) => `${name} ${(fields as LogFields).tnx ?? '-'} ${text}`);
  expect(texts).toEqual(
    expect.arrayContaining([
      'info connection Connection from 127.0.0.1',
      'warn - No key and cert given: TLS has the built-in certificate for localhost, whose key is public',
      expect.stringMatching(/^debug send S: 220 /),
      'debug command C: STARTTLS',
      'warn tls 6 octets of clear text after STARTTLS thrown away',
      expect.stringMatching(/^info tls TLS established: TLSv1\.3, TLS_/),
      'debug send S: 334 ********',
      'debug command C: ********',
      'debug send S: 235 Authentication succeeded',
      'debug command C: QUIT',
      'info close Connection from 127.0.0.1 closed by quit',
    ]),
  );
  expect(texts.join('\n')).not.toMatch(/YW5u|c2VjcmV0|VXNlcm5hbWU6/);
  expect(new Set(lines.map(([, fields]) => (fields as LogFields).component))).toEqual(new Set(['mx']));
});

test('entries tell what they are about, of which session; the first and the last whose it is', async () => {
  const entries: LogFields[] = [];
  const write = (fields: object): void => void entries.push(fields as LogFields);
  const closed = withResolvers<SMTPServerSession>();
  await using served = await Served.options({
    ...mailIdentity,
    authOptional: true,
    useXClient: true,
    logger: { debug: write, info: write, error: write },
    onMailFrom: () => {
      throw new Error('Out of order');
    },
    onClose: closed.resolve,
  });
  await using client = await served.client('XCLIENT ADDR=192.0.2.1', 'EHLO client.example', 'MAIL FROM:<>');
  client.send('QUIT\r\n');
  const { id } = await closed.promise;
  expect(entries.map(({ tnx, host }) => (host === undefined ? tnx : `${tnx} ${host}`)).join(', ')).toBe(
    'connection 127.0.0.1, send, ' +
      'command, send, command, send, command, error, send, command, send, ' +
      'close 192.0.2.1',
  );
  expect(entries.filter(({ sid, cid }) => sid !== id || cid !== id)).toEqual([]);
});

describe('the console', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])('with logger: %s is written to: %s', async (logger, expected) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      await logOf(logger === undefined ? {} : { logger });
      const said = log.mock.calls.map((words) => words.join(' '));
      expect(said.some((line) => /DEBUG \w+ C: QUIT$/.test(line))).toBe(expected);
    } finally {
      log.mockRestore();
    }
  });

  test.each([
    [{ tnx: 'app' }, 'user %s', ['ann', 5], '- user ann 5'],
    [{ sid: '7' }, '%d of %j', [1, { a: 2 }], '7 1 of {"a":2}'],
    [{ cid: '8' }, '100% of %s', [], '8 100% of %s'],
  ])('%o %s %o is written as %s', (fields, text, values, expected) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      loggerOf({ logger: true })!.info(fields, text, ...values);
      expect(log.mock.calls).toEqual([
        [expect.stringMatching(/^\d{4}-.+Z$/), 'INFO', expected.slice(0, 1), expected.slice(2)],
      ]);
    } finally {
      log.mockRestore();
    }
  });
});

test('nobody is warned where a key and a certificate are given', async () => {
  const warn = vi.fn<Required<SMTPServerLogger>['warn']>();
  const quiet = (): void => {};
  await using _served = await Served.options({
    ...mailIdentity,
    logger: { debug: quiet, info: quiet, warn, error: quiet },
  });
  expect(warn).not.toHaveBeenCalled();
});

test('of the built-in certificate is warned once in a process, where nobody has asked for silence', async () => {
  vi.resetModules();
  const { SMTPServer } = await import('./smtp-server.ts');
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  try {
    for (const options of [{ logger: false }, mailIdentity, { disabledCommands: ['STARTTLS'] }])
      void new SMTPServer(options);
    expect(warn).not.toHaveBeenCalled();
    void new SMTPServer();
    void new SMTPServer({ secure: true });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^Warning: No key and cert given: /)]]);
  } finally {
    warn.mockRestore();
  }
});

test('a logger is handed further values as they are', () => {
  const info = vi.fn<(...written: unknown[]) => void>();
  const user = { name: 'ann' };
  loggerOf({ logger: { info } })!.info({ tnx: 'app' }, 'user %o', user, 5);
  expect(info.mock.calls).toEqual([[{ component: 'smtp-server', tnx: 'app' }, 'user %o', user, 5]]);
  expect(info.mock.calls[0]![2]).toBe(user);
});

test('a logger that throws, or lacks a level, harms nobody', () => {
  const throwing = (): never => {
    throw new Error('Disk full');
  };
  const log = loggerOf({ logger: { info: throwing } })!;
  expect(() => log.info({}, 'lost')).not.toThrow();
  expect(() => log.debug({}, 'lost')).not.toThrow();
  expect(() => noLog.fatal({}, 'lost')).not.toThrow();
});

test('server.logger is there for subclasses, whether or not there is a log', () => {
  const lines: string[] = [];
  const logged = new SMTPServer({
    component: 'mine',
    logger: { info: (fields, text) => void lines.push(`${JSON.stringify(fields)} ${text}`) },
  });
  logged.logger.info({ sid: '1' }, 'hello');
  logged.logger.fatal({}, 'nowhere to go');
  new SMTPServer({ logger: false }).logger.error({}, 'unheard');
  expect(lines).toEqual(['{"component":"mine","sid":"1"} hello']);
});

test('a logger that rejects is nobody’s business', async () => {
  const escaped: unknown[] = [];
  const note = (error: unknown): void => void escaped.push(error);
  process.on('unhandledRejection', note);
  try {
    await logOf({ logger: { info: () => Promise.reject(new Error('broken on purpose')) as never } });
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(escaped).toEqual([]);
});
