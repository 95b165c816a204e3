// What clients are called: reverse lookup.
import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { HOST } from './served-server.ts';

export function describeClientHostname({ test }: Contract): void {
  type Reverse = NonNullable<ContractOptions['resolver']>['reverse'];
  const literal = `[${HOST}]`;

  const resolvers: readonly (readonly [string, Reverse, string])[] = [
    ['a name', (_ip, callback) => callback(null, ['client.example']), 'client.example'],
    ['several names: the first', (_ip, callback) => callback(null, ['a.example', 'b.example']), 'a.example'],
    ['a name in upper case', (_ip, callback) => callback(null, ['Client.EXAMPLE']), 'client.example'],
    ['a name with a final dot', (_ip, callback) => callback(null, ['client.example.']), 'client.example'],
    ['a name in punycode', (_ip, callback) => callback(null, ['xn--bcher-kva.example']), 'xn--bcher-kva.example'],
    ['a name, later', (_ip, callback) => void setImmediate(callback, null, ['client.example']), 'client.example'],
    [
      'a name, twice: the first',
      (_ip, callback) => {
        callback(null, ['a.example']);
        callback(null, ['b.example']);
      },
      'a.example',
    ],
    ['no name', (_ip, callback) => callback(null, []), literal],
    ['nothing', (_ip, callback) => callback(null), literal],
    ['an error', (_ip, callback) => callback(new Error('ENOTFOUND')), literal],
    ['what is no name', (_ip, callback) => callback(null, ['a\r\n250 b']), literal],
    [
      'an exception',
      () => {
        throw new Error('Out of order');
      },
      literal,
    ],
    ['no answer', () => {}, literal],
  ];
  for (const [what, reverse, name] of resolvers) {
    test(`resolver: ${what}: clientHostname ${name}`, async (t) => {
      const names: string[] = [];
      await using served = await t.serve({
        disableReverseLookup: false,
        resolver: { reverse },
        onConnect(session, callback) {
          names.push(session.clientHostname);
          callback();
        },
      });
      const client = await served.client();
      expect(names).toEqual([name]);
      expect(await client.ask('HELO client.example')).toContain(name);
    });
  }

  test('resolver: asked for the remote address, with the resolver as this', async (t) => {
    const asked: unknown[] = [];
    const resolver = {
      reverse(ip: string, callback: (error: null, names: string[]) => void): void {
        asked.push(ip, this === resolver);
        callback(null, ['client.example']);
      },
    };
    await using served = await t.serve({ disableReverseLookup: false, resolver });
    await served.client();
    expect(asked).toEqual([HOST, true]);
  });

  test('disableReverseLookup: the resolver is not asked', async (t) => {
    const asked: string[] = [];
    const resolver: ContractOptions['resolver'] = {
      reverse(ip, callback) {
        asked.push(ip);
        callback(null, ['client.example']);
      },
    };
    await using served = await t.serve({ disableReverseLookup: true, resolver });
    expect(await (await served.client()).ask('HELO client.example')).toContain(literal);
    expect(asked).toEqual([]);
  });

  test('a client that leaves while its name is looked up harms nobody', async (t) => {
    const asked = withResolvers<() => void>();
    await using served = await t.serve({
      disableReverseLookup: false,
      resolver: { reverse: (_ip, callback) => asked.resolve(() => callback(null, ['client.example'])) },
    });
    const client = await served.connected();
    const answer = await asked.promise;
    client.socket.destroy();
    await client.end();
    answer();
    while (served.server.connections.size > 0) await new Promise(setImmediate);
  });
}
