import { hostname } from 'node:os';
import { expect } from 'vitest';
import { codeOf, codes, EHLO, ENVELOPE, extensionsOf, MAIL } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';

const NAME = 'mx.example.org';

export function describeHello(contract: Contract): void {
  describeGreeting(contract);
  describeIntroduction(contract);
  describeExtensionList(contract);
}

function describeGreeting(contract: Contract): void {
  const greeting = async (t: ContractCase, options: ContractOptions): Promise<string> => {
    await using served = await t.serve(options);
    const client = await served.connected();
    return await client.reply();
  };

  contract.test('the greeting has the name of the server, by default the name of the host', async (t) => {
    expect(await greeting(t, { name: NAME })).toMatch(/^220 mx\.example\.org ESMTP/);
    expect((await greeting(t, {})).split(' ')[1]).toBe(hostname());
  });

  contract.test('the greeting says LMTP on an LMTP server', async (t) => {
    expect(await greeting(t, { name: NAME, lmtp: true })).toMatch(/^220 mx\.example\.org LMTP/);
  });

  contract.test('the banner is appended to the greeting', async (t) => {
    expect(await greeting(t, { name: NAME, banner: 'Welcome to the tests' })).toMatch(
      /^220 mx\.example\.org ESMTP.* Welcome to the tests$/,
    );
  });

  contract.test('a banner with line ends is one line', async (t) => {
    expect(await greeting(t, { name: NAME, banner: 'Welcome\r\n250 to\nthe tests' })).toMatch(
      /^220 mx\.example\.org ESMTP.* Welcome +250 to +the tests$/,
    );
  });
}

function describeIntroduction(contract: Contract): void {
  const clientName = (lmtp: boolean): string => (lmtp ? 'LHLO client.example' : EHLO);

  for (const verb of ['EHLO', 'HELO', 'LHLO']) {
    const lmtp = verb === 'LHLO';
    contract.test(`${verb} takes one word`, async (t) => {
      await using served = await t.serve({ lmtp });
      const client = await served.client();
      expect(
        await codes(
          client,
          verb,
          `${verb} client.example two`,
          `${verb} client.example`,
          `${verb} [127.0.0.1]`,
          `${verb} [IPv6:::1]`,
          `${verb} localhost`,
          `${verb} under_score`,
          `${verb} client.example `,
        ),
      ).toEqual(['501', '501', '250', '250', '250', '250', '250', '250']);
    });

    contract.test(`${verb} is understood in any case`, async (t) => {
      await using served = await t.serve({ lmtp });
      const client = await served.client();
      expect(await codes(client, `${verb.toLowerCase()} client.example`)).toEqual(['250']);
      expect(await codes(client, `${verb[0]}${verb.slice(1).toLowerCase()} client.example`)).toEqual(['250']);
    });

    contract.test(`${verb} is answered with the names of the server and the client`, async (t) => {
      await using served = await t.serve({ lmtp, name: NAME });
      const client = await served.client();
      expect((await client.ask(`${verb} client.example`)).split('\r\n')[0]?.slice(4)).toBe(
        'mx.example.org Nice to meet you, [127.0.0.1]',
      );
    });

    contract.test(`heloResponse is the text of the reply to ${verb}`, async (t) => {
      await using served = await t.serve({ lmtp, name: NAME, heloResponse: 'This is %s. Hello %s!' });
      const client = await served.client();
      expect((await client.ask(`${verb} client.example`)).split('\r\n')[0]?.slice(4)).toBe(
        'This is mx.example.org. Hello [127.0.0.1]!',
      );
    });
  }

  contract.test('heloResponse needs no names', async (t) => {
    await using served = await t.serve({ heloResponse: 'Hello' });
    const client = await served.client();
    expect(await client.ask('HELO client.example')).toBe('250 Hello');
  });

  contract.test('HELO has one line, and lists nothing', async (t) => {
    await using served = await t.serve({ size: 1000, hideDSN: false, hideENHANCEDSTATUSCODES: false });
    const client = await served.client();
    expect(await client.ask('HELO client.example')).not.toContain('\r\n');
  });

  contract.test('a client may introduce itself again', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'HELO a.example', 'EHLO b.example', 'HELO c.example', 'EHLO d.example')).toEqual(
      Array.from({ length: 4 }, () => '250'),
    );
  });

  contract.test('EHLO and HELO are no commands of LMTP', async (t) => {
    await using served = await t.serve({ lmtp: true });
    const client = await served.client();
    expect(await codes(client, EHLO, 'HELO client.example', clientName(true))).toEqual(['500', '500', '250']);
  });

  contract.test('LHLO is no command of SMTP', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, 'LHLO client.example', MAIL, clientName(false))).toEqual(['500', '503', '250']);
  });

  contract.test('EHLO ends a transaction (RFC 5321 §4.1.4)', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, EHLO, 'DATA', MAIL)).toEqual(['250', '503', '250']);
  });

  contract.test('an EHLO that is refused changes nothing', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    expect(await codes(client, 'EHLO', 'DATA')).toEqual(['501', '354']);
  });
}

function describeExtensionList(contract: Contract): void {
  const listed = async (t: ContractCase, options: ContractOptions): Promise<string[]> => {
    await using served = await t.serve({ disabledCommands: ['AUTH', 'STARTTLS'], ...options });
    const client = await served.client();
    return extensionsOf(await client.ask(options.lmtp === true ? 'LHLO client.example' : EHLO));
  };
  const DEFAULT = ['PIPELINING', '8BITMIME', 'SMTPUTF8'];

  contract.test('EHLO lists PIPELINING, 8BITMIME and SMTPUTF8, and nothing that was not asked for', async (t) => {
    expect((await listed(t, {})).sort()).toEqual([...DEFAULT].sort());
  });

  contract.test('LHLO lists the same', async (t) => {
    expect((await listed(t, { lmtp: true })).sort()).toEqual([...DEFAULT].sort());
  });

  contract.test('EHLO lists AUTH and STARTTLS unless they are disabled', async (t) => {
    const all = await listed(t, { disabledCommands: [], allowInsecureAuth: true });
    expect(all.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['AUTH', 'STARTTLS']));
  });

  for (const [option, keyword] of [
    ['hidePIPELINING', 'PIPELINING'],
    ['hide8BITMIME', '8BITMIME'],
    ['hideSMTPUTF8', 'SMTPUTF8'],
  ] as const) {
    contract.test(`${option}: ${keyword} is not listed`, async (t) => {
      expect((await listed(t, { [option]: true })).sort()).toEqual(DEFAULT.filter((other) => other !== keyword).sort());
    });
  }

  for (const [option, keyword] of [
    ['hideENHANCEDSTATUSCODES', 'ENHANCEDSTATUSCODES'],
    ['hideDSN', 'DSN'],
  ] as const) {
    contract.test(`${option}: ${keyword} is listed only where it is false`, async (t) => {
      expect(await listed(t, { [option]: false })).toContain(keyword);
      expect(await listed(t, { [option]: true })).not.toContain(keyword);
    });
  }

  contract.test('hideREQUIRETLS: REQUIRETLS is not listed in clear text (RFC 8689 §2)', async (t) => {
    expect(await listed(t, { hideREQUIRETLS: false })).not.toContain('REQUIRETLS');
  });

  contract.test('everything may be hidden', async (t) => {
    await using served = await t.serve({
      disabledCommands: ['AUTH'],
      hidePIPELINING: true,
      hide8BITMIME: true,
      hideSMTPUTF8: true,
      hideSTARTTLS: true,
    });
    const client = await served.client();
    expect(await client.ask(EHLO)).toMatch(/^250 [^\r\n]*$/);
  });

  contract.test('what is hidden works', async (t) => {
    await using served = await t.serve({ hidePIPELINING: true, hide8BITMIME: true, hideSMTPUTF8: true });
    const client = await served.client(EHLO);
    client.send('NOOP\r\nMAIL FROM:<ann@example.org> BODY=8BITMIME SMTPUTF8\r\n');
    expect([codeOf(await client.reply()), codeOf(await client.reply())]).toEqual(['250', '250']);
  });
}
