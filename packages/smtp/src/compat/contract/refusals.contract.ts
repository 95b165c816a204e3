import { expect } from 'vitest';
import { codeOf, codes, deliver, EHLO, ENVELOPE, MAIL, RCPT, statuses } from './contract-client.ts';
import { refusal, type ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { refusing } from './refusing.ts';

export function describeRefusals(contract: Contract): void {
  describeRefusalCodes(contract);
  describeRefusalTexts(contract);
}

/** The reply that comes from each handler. */
const REPLY_OF: Readonly<Record<string, (t: ContractCase, options: ContractOptions) => Promise<string>>> = {
  async onConnect(t, options) {
    await using served = await t.serve(options);
    return await (await served.connected()).reply();
  },
  async onMailFrom(t, options) {
    await using served = await t.serve(options);
    return await (await served.client(EHLO)).ask(MAIL);
  },
  async onRcptTo(t, options) {
    await using served = await t.serve(options);
    return await (await served.client(EHLO, MAIL)).ask(RCPT);
  },
  async onData(t, options) {
    await using served = await t.serve(options);
    return await deliver(await served.client(...ENVELOPE));
  },
};

function describeRefusalCodes(contract: Contract): void {
  for (const [handler, code] of [
    ['onConnect', '554'],
    ['onMailFrom', '550'],
    ['onRcptTo', '550'],
    ['onData', '450'],
  ] as const) {
    const reply = REPLY_OF[handler]!;

    contract.test(`${handler} refuses with ${code} and the message`, async (t) => {
      expect(await reply(t, refusing(handler, refusal('Not today')))).toBe(`${code} Not today`);
    });

    contract.test(`${handler} refuses with the responseCode`, async (t) => {
      for (const responseCode of [450, 451, 452, 521, 550, 552, 554]) {
        expect(await reply(t, refusing(handler, refusal('Not today', responseCode)))).toBe(`${responseCode} Not today`);
      }
    });

    contract.test(`${handler} that refuses with a code that refuses nothing refuses with ${code}`, async (t) => {
      for (const responseCode of [200, 250, 354, 600]) {
        expect(codeOf(await reply(t, refusing(handler, refusal('Not today', responseCode))))).toBe(code);
      }
    });

    contract.test(`${handler} ends the session with 421`, async (t) => {
      await using served = await t.serve(refusing(handler, refusal('Overloaded', 421)));
      const client = await served.connected();
      for (const line of COMMANDS_UP_TO[handler]) {
        await client.reply();
        client.send(`${line}\r\n`);
      }
      expect(await client.reply()).toBe('421 Overloaded');
      expect(await client.end()).toBe('');
    });

    contract.test(`${handler} may answer later`, async (t) => {
      const error = refusal('Later');
      const later: ContractOptions =
        handler === 'onConnect'
          ? { onConnect: (_session, callback) => void setImmediate(callback, error) }
          : {
              [handler]: (_subject: unknown, _session: unknown, callback: (error: Error) => void) =>
                void setImmediate(callback, error),
            };
      expect(await reply(t, later)).toBe(`${code} Later`);
    });

    contract.test(`${handler} may be wrapped in a function that takes any number of arguments`, async (t) => {
      const wrapped: ContractOptions = {
        [handler]: (...args: unknown[]) => setImmediate(args.at(-1) as (error: Error) => void, refusal('Later')),
      };
      expect(await reply(t, wrapped)).toBe(`${code} Later`);
    });
  }

  contract.test('onConnect that refuses ends the session', async (t) => {
    await using served = await t.serve(refusing('onConnect', refusal('Go away', 550)));
    const client = await served.connected();
    expect(await client.reply()).toBe('550 Go away');
    expect(await client.end()).toBe('');
  });

  contract.test('onMailFrom that refuses opens no transaction', async (t) => {
    await using served = await t.serve({
      onMailFrom: ({ address }, _session, callback) => callback(address === 'eve@example.org' ? refusal('No') : null),
    });
    const client = await served.client(EHLO);
    expect(await codes(client, 'MAIL FROM:<eve@example.org>', RCPT, 'DATA', MAIL, RCPT)).toEqual([
      '550',
      '503',
      '503',
      '250',
      '250',
    ]);
  });

  contract.test('onRcptTo that refuses one recipient leaves the others', async (t) => {
    await using served = await t.serve({
      onRcptTo: ({ address }, _session, callback) => callback(address === 'eve@example.org' ? refusal('No') : null),
    });
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, 'RCPT TO:<eve@example.org>', 'DATA', RCPT, 'RCPT TO:<eve@example.org>', 'DATA')).toEqual(
      ['550', '503', '250', '550', '354'],
    );
  });

  contract.test('onData that refuses ends the transaction, and the session goes on', async (t) => {
    await using served = await t.serve(refusing('onData', refusal('No', 554)));
    const client = await served.client(...ENVELOPE);
    expect(codeOf(await deliver(client))).toBe('554');
    expect(await codes(client, 'DATA', MAIL, RCPT)).toEqual(['503', '250', '250']);
    expect(codeOf(await deliver(client))).toBe('554');
  });

  contract.test('refusals have an enhanced status code of their class', async (t) => {
    await using served = await t.serve({
      hideENHANCEDSTATUSCODES: false,
      onMailFrom: ({ address }, _session, callback) =>
        callback(address === 'eve@example.org' ? refusal('No', 451) : null),
      onRcptTo: ({ address }, _session, callback) => callback(address === 'eve@example.org' ? refusal('No') : null),
      onData: (stream, _session, callback) => void stream.on('end', () => callback(refusal('No'))).resume(),
    });
    const client = await served.client(EHLO);
    const [mail, , rcpt] = await statuses(
      client,
      'MAIL FROM:<eve@example.org>',
      MAIL,
      'RCPT TO:<eve@example.org>',
      RCPT,
    );
    expect(mail).toMatch(/^451 4\.\d+\.\d+$/);
    expect(rcpt).toMatch(/^550 5\.\d+\.\d+$/);
    expect(await deliver(client)).toMatch(/^450 4\.\d+\.\d+ No$/);
  });
}

/** What a client says until the handler is asked. */
const COMMANDS_UP_TO = {
  onConnect: [],
  onMailFrom: ENVELOPE.slice(0, 2),
  onRcptTo: ENVELOPE,
  onData: [...ENVELOPE, 'DATA', 'Hello\r\n.'],
} as const;

function describeRefusalTexts(contract: Contract): void {
  for (const [handler, reply] of Object.entries(REPLY_OF)) {
    contract.test(`${handler} can’t inject a reply`, async (t) => {
      const received = await reply(t, refusing(handler, refusal('No\r\n250 Yes\n250 Indeed\r250 Really', 550)));
      expect(received).toMatch(/^550 No +250 Yes +250 Indeed +250 Really$/);
    });
  }

  contract.test('controls in a message do not reach the client', async (t) => {
    await using served = await t.serve(refusing('onMailFrom', refusal('a\0b\x1b[31mc\x7fd\x08e\u0085f')));
    const client = await served.client(EHLO);
    // RFC 5321 §4.2: textstring has no control but HT.
    expect(await client.ask(MAIL)).toMatch(/^550 [\t\x20-\x7e]+$/);
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  contract.test('a message may be empty', async (t) => {
    await using served = await t.serve(refusing('onMailFrom', refusal('')));
    const client = await served.client(EHLO);
    expect(codeOf(await client.ask(MAIL))).toBe('550');
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  contract.test('a message may be long', async (t) => {
    await using served = await t.serve(refusing('onMailFrom', refusal('x'.repeat(400))));
    const client = await served.client(EHLO);
    expect((await client.ask(MAIL)).replaceAll(/\r\n550[- ]/g, '')).toContain('x'.repeat(400));
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  contract.test('an error may be of another realm: message and responseCode count', async (t) => {
    await using served = await t.serve(
      refusing('onMailFrom', { name: 'E', message: 'No', responseCode: 451 } as Error),
    );
    const client = await served.client(EHLO);
    expect(await client.ask(MAIL)).toBe('451 No');
  });

  contract.test('whatever else a handler calls back with, if it is not empty, refuses', async (t) => {
    for (const error of ['No', true, 42, {}]) {
      await using served = await t.serve(refusing('onMailFrom', error as Error));
      const client = await served.client(EHLO);
      expect(await codes(client, MAIL, 'NOOP')).toEqual(['550', '250']);
    }
  });

  contract.test('what is empty accepts', async (t) => {
    for (const error of [undefined, null, false, 0, '']) {
      await using served = await t.serve(refusing('onMailFrom', error as unknown as Error));
      const client = await served.client(EHLO);
      expect(await codes(client, MAIL)).toEqual(['250']);
    }
  });
}
