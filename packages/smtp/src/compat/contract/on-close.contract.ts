import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { codes, EHLO, MAIL } from './contract-client.ts';
import { refusal, type ContractOptions, type ContractSession } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { refusingOnce } from './refusing.ts';
import type { ServedServer } from './served-server.ts';

export function describeOnClose(contract: Contract): void {
  /** The names by which sessions were known at their onClose: one that ends so, and another one after it. */
  const closes = async (
    t: ContractCase,
    end: (served: ServedServer) => Promise<void>,
    options: ContractOptions = {},
  ): Promise<(string | false)[]> => {
    const names: (string | false)[] = [];
    const first = withResolvers<ContractSession>();
    const last = withResolvers<ContractSession>();
    await using served = await t.serve({
      ...options,
      onClose(session) {
        names.push(session.hostNameAppearsAs);
        (session.hostNameAppearsAs === 'last.example' ? last : first).resolve(session);
      },
    });
    await end(served);
    await first.promise;
    await served.client('EHLO last.example', 'QUIT');
    await last.promise;
    return names;
  };

  for (const [what, end, options] of [
    ['QUIT', async (served) => void (await (await served.client()).ask('QUIT'))],
    [
      'onConnect that refused',
      async (served) => void (await (await served.connected()).end()),
      refusingOnce('onConnect', refusal('No')),
    ],
    [
      'a handler that said 421',
      async (served) => void (await (await served.client(EHLO, MAIL)).end()),
      refusingOnce('onMailFrom', refusal('No', 421)),
    ],
  ] as const satisfies readonly (readonly [string, (served: ServedServer) => Promise<void>, ContractOptions?])[]) {
    contract.test(`onClose is called once per session, after ${what}`, async (t) => {
      expect((await closes(t, end, options)).slice(1)).toEqual(['last.example']);
    });
  }

  contract.test('onClose is called while a handler has not answered yet, and its answer does no harm', async (t) => {
    const asked = withResolvers<() => void>();
    const closed = withResolvers<ContractSession>();
    await using served = await t.serve({
      onMailFrom: (_address, _session, callback) => asked.resolve(callback),
      onClose: closed.resolve,
    });
    const client = await served.client(EHLO);
    client.send(`${MAIL}\r\n`);
    const accept = await asked.promise;
    client.socket.destroy();
    expect(await closed.promise).toMatchObject({ openingCommand: 'EHLO' });
    accept();
    expect(await codes(await served.client(), 'NOOP')).toEqual(['250']);
  });
}
