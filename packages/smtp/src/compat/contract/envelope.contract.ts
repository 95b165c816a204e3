import { expect } from 'vitest';
import { deliver, EHLO, ENVELOPE, MAIL, RCPT } from './contract-client.ts';
import { refusal, type ContractEnvelope, type ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { EMPTY_ENVELOPE, serveSessions } from './serve-sessions.ts';

export function describeEnvelope(contract: Contract): void {
  /** The envelope that onData sees. */
  const envelopeOf = async (
    t: ContractCase,
    lines: readonly string[],
    options: ContractOptions = {},
  ): Promise<ContractEnvelope | undefined> => {
    let seen: ContractEnvelope | undefined;
    await using served = await t.serve({
      onData(stream, { envelope }, callback) {
        seen = structuredClone(envelope);
        stream.on('end', () => callback()).resume();
      },
      ...options,
    });
    const client = await served.client(EHLO, ...lines);
    await deliver(client);
    return seen;
  };
  const addressesOf = (envelope: ContractEnvelope | undefined): string[] =>
    (envelope?.rcptTo ?? []).map(({ address }) => address);

  contract.test('the envelope has the reverse-path and the forward-paths, with their parameters', async (t) => {
    expect(
      await envelopeOf(
        t,
        ['MAIL FROM:<ann@example.org> SIZE=10 BODY=8BITMIME', RCPT, 'RCPT TO:<cat@example.org> NOTIFY=NEVER'],
        { hideDSN: false },
      ),
    ).toMatchObject({
      mailFrom: { address: 'ann@example.org', args: { SIZE: '10', BODY: '8BITMIME' } },
      rcptTo: [
        { address: 'bob@example.org', args: false },
        { address: 'cat@example.org', args: { NOTIFY: 'NEVER' }, dsn: { notify: ['NEVER'] } },
      ],
      bodyType: '8bitmime',
      smtpUtf8: false,
      requireTLS: false,
      dsn: { ret: null, envid: null },
    });
  });

  contract.test('the envelope of the null reverse-path has an address that is empty', async (t) => {
    expect((await envelopeOf(t, ['MAIL FROM:<>', RCPT]))?.mailFrom).toEqual({
      address: '',
      args: false,
    });
  });

  contract.test('recipients are in the order of their RCPT', async (t) => {
    const recipients = ['c@example.org', 'a@example.org', 'b@example.org'];
    const envelope = await envelopeOf(t, [MAIL, ...recipients.map((recipient) => `RCPT TO:<${recipient}>`)]);
    expect(addressesOf(envelope)).toEqual(recipients);
  });

  contract.test('a recipient that is repeated is in the envelope once, in its first place', async (t) => {
    const envelope = await envelopeOf(t, [MAIL, RCPT, 'RCPT TO:<cat@example.org>', RCPT]);
    expect(addressesOf(envelope)).toEqual(['bob@example.org', 'cat@example.org']);
  });

  contract.test('of a recipient that is repeated the last parameters count', async (t) => {
    const envelope = await envelopeOf(
      t,
      [
        MAIL,
        'RCPT TO:<bob@example.org> NOTIFY=NEVER',
        'RCPT TO:<bob@example.org> NOTIFY=DELAY ORCPT=rfc822;cat@example.org',
        'RCPT TO:<cat@example.org> NOTIFY=DELAY',
        'RCPT TO:<cat@example.org>',
      ],
      { hideDSN: false },
    );
    expect(envelope?.rcptTo.map(({ args }) => args)).toEqual([
      { NOTIFY: 'DELAY', ORCPT: 'rfc822;cat@example.org' },
      false,
    ]);
    expect(envelope?.rcptTo[0]?.dsn).toEqual({ notify: ['DELAY'], orcpt: 'rfc822;cat@example.org' });
  });

  contract.test('recipients are compared without regard to the case of their domains', async (t) => {
    const envelope = await envelopeOf(t, [MAIL, RCPT, 'RCPT TO:<bob@Example.ORG>']);
    expect(envelope?.rcptTo).toHaveLength(1);
  });

  contract.test('recipients are compared with regard to the case of their local parts (RFC 5321 §2.4)', async (t) => {
    const envelope = await envelopeOf(t, [MAIL, RCPT, 'RCPT TO:<Bob@example.org>']);
    expect(addressesOf(envelope)).toEqual(['bob@example.org', 'Bob@example.org']);
  });

  contract.test('a recipient that was refused is not in the envelope', async (t) => {
    const envelope = await envelopeOf(
      t,
      [MAIL, 'RCPT TO:<eve@example.org>', RCPT, 'RCPT TO:<bad', 'RCPT TO:<eve@example.org>'],
      {
        onRcptTo({ address }, _session, callback) {
          callback(address === 'eve@example.org' ? refusal('No') : null);
        },
      },
    );
    expect(addressesOf(envelope)).toEqual(['bob@example.org']);
  });

  contract.test('a recipient that is refused when it is repeated stays in the envelope', async (t) => {
    let asked = 0;
    const envelope = await envelopeOf(t, [MAIL, RCPT, RCPT], {
      onRcptTo: (_address, _session, callback) => callback(++asked === 2 ? refusal('No') : null),
    });
    expect(addressesOf(envelope)).toEqual(['bob@example.org']);
  });

  contract.test('onMailFrom and onRcptTo see the envelope as it was before them', async (t) => {
    const seen: ContractEnvelope[] = [];
    await using served = await t.serve({
      onMailFrom(_address, { envelope }, callback) {
        seen.push(structuredClone(envelope));
        callback();
      },
      onRcptTo(_address, { envelope }, callback) {
        seen.push(structuredClone(envelope));
        callback();
      },
    });
    await served.client(...ENVELOPE, 'RCPT TO:<cat@example.org>');
    expect(seen).toMatchObject([
      { mailFrom: false, rcptTo: [] },
      { mailFrom: { address: 'ann@example.org' }, rcptTo: [] },
      { mailFrom: { address: 'ann@example.org' }, rcptTo: [{ address: 'bob@example.org' }] },
    ]);
  });

  contract.test('onMailFrom sees what the parameters of MAIL ask for', async (t) => {
    let seen: ContractEnvelope | undefined;
    await using served = await t.serve({
      hideDSN: false,
      onMailFrom(_address, { envelope }, callback) {
        seen = structuredClone(envelope);
        callback();
      },
    });
    await served.client(EHLO, 'MAIL FROM:<ann@example.org> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x');
    expect(seen).toMatchObject({ bodyType: '8bitmime', smtpUtf8: true, dsn: { ret: 'HDRS', envid: 'x' } });
  });

  contract.test('what a handler writes into its address is in the envelope', async (t) => {
    const envelope = await envelopeOf(t, ENVELOPE.slice(1), {
      onMailFrom(address, _session, callback) {
        Object.assign(address, { address: 'other@example.org', account: 1 });
        callback();
      },
      onRcptTo(address, _session, callback) {
        Object.assign(address, { mailbox: 2 });
        callback();
      },
    });
    expect(envelope).toMatchObject({
      mailFrom: { address: 'other@example.org', account: 1 },
      rcptTo: [{ address: 'bob@example.org', mailbox: 2 }],
    });
  });

  for (const [what, end] of [
    ['RSET', ['RSET']],
    ['EHLO', [EHLO]],
    ['a message', ['DATA', 'Hello\r\n.']],
  ] as const) {
    contract.test(`the envelope is empty after ${what}`, async (t) => {
      const { served, sessions } = await serveSessions(t, { hideDSN: false });
      await using _served = served;
      await served.client(EHLO, 'MAIL FROM:<ann@example.org> BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=x', RCPT, ...end);
      expect(sessions[0]?.envelope).toMatchObject({ ...EMPTY_ENVELOPE, dsn: { ret: null, envid: null } });
    });

    contract.test(`an envelope that was kept is left as it was by ${what}`, async (t) => {
      const kept: ContractEnvelope[] = [];
      await using served = await t.serve({
        onRcptTo(_address, { envelope }, callback) {
          kept.push(envelope);
          callback();
        },
      });
      await served.client(...ENVELOPE, ...end);
      expect(kept).toMatchObject([
        { mailFrom: { address: 'ann@example.org' }, rcptTo: [{ address: 'bob@example.org' }] },
      ]);
    });
  }

  contract.test('a MAIL that was refused leaves nothing in the envelope', async (t) => {
    const { served, sessions } = await serveSessions(t, {
      onMailFrom: ({ address }, _session, callback) => callback(address === 'eve@example.org' ? refusal('No') : null),
    });
    await using _served = served;
    await served.client(EHLO, 'MAIL FROM:<eve@example.org>');
    expect(sessions[0]?.envelope).toMatchObject({ mailFrom: false, rcptTo: [] });
  });
}
