import { describe, expect, test, vi } from 'vitest';
import { mailIdentity } from './testing/identities.ts';
import { say, Served } from './testing/served.ts';
import type { SMTPServerLogger, SMTPServerOptions } from './types.ts';

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
  const texts = lines.map(([name, , text]) => `${name} ${text}`);
  expect(texts).toEqual(
    expect.arrayContaining([
      'warn No key and cert given: TLS has the built-in certificate for localhost, whose key is public',
      expect.stringMatching(/^debug S: 220 /),
      'debug C: STARTTLS',
      'warn 6 octets of clear text after STARTTLS thrown away',
      expect.stringMatching(/^info TLS established: TLSv1\.3, TLS_/),
      'debug C: ********',
      'debug S: 235 Authentication succeeded',
      'debug C: QUIT',
      'info Closed by quit',
    ]),
  );
  expect(texts.join('\n')).not.toMatch(/YW5u|c2VjcmV0/);
  expect(new Set(lines.map(([, fields]) => (fields as { readonly component: string }).component))).toEqual(
    new Set(['mx']),
  );
  expect(new Set(lines.slice(1).map(([, fields]) => (fields as { readonly sid: string }).sid)).size).toBe(1);
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
});

test('nobody is warned where a key and a certificate are given', async () => {
  const warn = vi.fn<SMTPServerLogger['warn']>();
  const quiet = (): void => {};
  await using _served = await Served.options({
    ...mailIdentity,
    logger: { debug: quiet, info: quiet, warn, error: quiet },
  });
  expect(warn).not.toHaveBeenCalled();
});
