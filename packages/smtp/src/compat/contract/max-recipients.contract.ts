// maxRecipients: RFC 5321 §4.5.3.1.10.
import { expect } from 'vitest';
import { codeOf, codes, deliver, EHLO, MAIL } from './contract-client.ts';
import { refusal } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeMaxRecipients({ test }: Contract): void {
  const rcpt = (name: string): string => `RCPT TO:<${name}@example.org>`;

  test('maxRecipients: further ones get 452, and the message goes to those accepted', async (t) => {
    const recipients: string[][] = [];
    await using served = await t.serve({
      maxRecipients: 2,
      onData(stream, session, callback) {
        recipients.push(session.envelope.rcptTo.map(({ address }) => address));
        stream.resume().once('end', () => callback());
      },
    });
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, rcpt('a'), rcpt('b'), rcpt('c'), rcpt('d'))).toEqual(['250', '250', '452', '452']);
    expect(codeOf(await deliver(client))).toBe('250');
    expect(recipients).toEqual([['a@example.org', 'b@example.org']]);
  });

  test('maxRecipients: 452 4.5.3', async (t) => {
    await using served = await t.serve({ maxRecipients: 1, hideENHANCEDSTATUSCODES: false });
    const client = await served.client(EHLO, MAIL, rcpt('a'));
    expect(await client.ask(rcpt('b'))).toMatch(/^452 4\.5\.3 /);
  });

  test('maxRecipients: one that is repeated does not count again, and is accepted beyond it', async (t) => {
    await using served = await t.serve({ maxRecipients: 2 });
    const client = await served.client(EHLO, MAIL);
    const lines = [rcpt('a'), rcpt('a'), rcpt('b'), rcpt('a'), rcpt('b'), rcpt('c')];
    expect(await codes(client, ...lines)).toEqual(['250', '250', '250', '250', '250', '452']);
  });

  test('maxRecipients: one that onRcptTo rejects does not count', async (t) => {
    await using served = await t.serve({
      maxRecipients: 1,
      onRcptTo: (address, _session, callback) => callback(address.address.startsWith('no') ? refusal('Unknown') : null),
    });
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, rcpt('no'), rcpt('nobody'), rcpt('a'), rcpt('b'))).toEqual(['550', '550', '250', '452']);
  });

  test('maxRecipients: onRcptTo is not asked beyond it', async (t) => {
    const asked: string[] = [];
    await using served = await t.serve({
      maxRecipients: 1,
      onRcptTo({ address }, _session, callback) {
        asked.push(address);
        callback();
      },
    });
    await served.client(EHLO, MAIL, rcpt('a'), rcpt('b'));
    expect(asked).toEqual(['a@example.org']);
  });

  test('maxRecipients: every transaction counts for itself', async (t) => {
    await using served = await t.serve({ maxRecipients: 1 });
    const client = await served.client(EHLO);
    for (const after of ['RSET', EHLO])
      expect(await codes(client, MAIL, rcpt('a'), rcpt('b'), after)).toEqual(['250', '250', '452', '250']);
  });

  test('maxRecipients: wrong arguments are 501 beyond it', async (t) => {
    await using served = await t.serve({ maxRecipients: 1 });
    expect(await codes(await served.client(EHLO, MAIL, rcpt('a')), 'RCPT TO bob')).toEqual(['501']);
  });

  test('maxRecipients: in LMTP', async (t) => {
    await using served = await t.serve({ maxRecipients: 1, lmtp: true });
    const client = await served.client('LHLO client.example', MAIL);
    expect(await codes(client, rcpt('a'), rcpt('b'))).toEqual(['250', '452']);
    expect(codeOf(await deliver(client))).toBe('250');
    expect(await codes(client, 'NOOP')).toEqual(['250']);
  });

  test('maxRecipients: no limit by default', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO, MAIL);
    const lines = Array.from({ length: 200 }, (_, number) => rcpt(`bob${number}`));
    client.send(`${lines.join('\r\n')}\r\n`);
    for (const _line of lines) expect(codeOf(await client.reply())).toBe('250');
  });
}
