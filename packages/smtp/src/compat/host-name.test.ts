import { describe, expect, test } from 'vitest';
import { readProxyAttributes } from '../session/proxy-attributes.ts';
import { hostNameOr, lookUpName } from './host-name.ts';
import type { SMTPServerResolver } from './options.ts';

/** Calls back what it is given, whatever its type says. */
function resolverOf(error: unknown, names?: unknown): SMTPServerResolver {
  return { reverse: (_address, callback) => callback(error as null, names as string[]) };
}

test.each([
  ['Client.Example.', 'client.example'],
  ['bücher.example', 'bücher.example'],
  ['my_host', 'my_host'],
  ['', '[192.0.2.1]'],
  [undefined, '[192.0.2.1]'],
])('the name %j is %s', (name, expected) => {
  expect(hostNameOr(name, '192.0.2.1')).toBe(expected);
});

test.each(['\n', '\r\n', '\0', '\t', '\x1b[31m', '\x7f', '\x85', '\u2028', ' '])(
  'a name with %j is none, whoever tells it',
  (control) => {
    for (const name of [`client${control}.example`, `client.example${control}`, `${control}client.example`]) {
      expect(hostNameOr(name, '192.0.2.1')).toBe('[192.0.2.1]');
      const xtext = Buffer.from(name).toString('hex').toUpperCase().replaceAll(/../g, '+$&');
      expect(readProxyAttributes(`NAME=${xtext}`, ['NAME'])).toBeUndefined();
    }
  },
);

describe('reverse lookup', () => {
  test('gives the first name', async () => {
    expect(await lookUpName('192.0.2.1', resolverOf(null, ['a.example', 'b.example']))).toBe('a.example');
  });

  test.each([[[5]], [[{}]], [[null]], [[]], ['host.example'], [undefined], [{ 0: 'host.example' }]])(
    'that calls back %j gives none',
    async (names) => {
      expect(await lookUpName('192.0.2.1', resolverOf(null, names))).toBeUndefined();
    },
  );

  test('that fails or throws gives none', async () => {
    const failure = new Error('ENOTFOUND');
    expect(await lookUpName('192.0.2.1', resolverOf(failure, ['a.example']))).toBeUndefined();
    const throwing: SMTPServerResolver = {
      reverse() {
        throw failure;
      },
    };
    expect(await lookUpName('192.0.2.1', throwing)).toBeUndefined();
  });
});
