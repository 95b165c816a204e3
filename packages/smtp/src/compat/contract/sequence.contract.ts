import { expect } from 'vitest';
import { codeOf, codes, deliver, EHLO, ENVELOPE, MAIL, RCPT } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';

export function describeSequence(contract: Contract): void {
  contract.test('MAIL, RCPT and DATA before EHLO: 503', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, MAIL, RCPT, 'DATA')).toEqual(['503', '503', '503']);
  });

  contract.test('MAIL, RCPT and DATA before LHLO: 503', async (t) => {
    await using served = await t.serve({ lmtp: true });
    const client = await served.client();
    expect(await codes(client, MAIL, RCPT, 'DATA')).toEqual(['503', '503', '503']);
  });

  contract.test('RCPT and DATA before MAIL: 503', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    expect(await codes(client, RCPT, 'DATA')).toEqual(['503', '503']);
  });

  contract.test('DATA before RCPT: 503, and the transaction stays open', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, 'DATA', RCPT, 'DATA')).toEqual(['503', '250', '354']);
  });

  contract.test('MAIL in a transaction: 503, and the first one counts', async (t) => {
    const senders: string[] = [];
    await using served = await t.serve({
      onMailFrom({ address }, _session, callback) {
        senders.push(address);
        callback();
      },
    });
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, 'MAIL FROM:<eve@example.org>', RCPT, 'DATA')).toEqual(['503', '250', '354']);
    expect(senders).toEqual(['ann@example.org']);
  });

  contract.test('after a message a new transaction begins with MAIL', async (t) => {
    await using served = await t.serve();
    const client = await served.client(...ENVELOPE);
    expect(codeOf(await deliver(client))).toBe('250');
    expect(await codes(client, RCPT, 'DATA', ...ENVELOPE.slice(1), 'DATA')).toEqual([
      '503',
      '503',
      '250',
      '250',
      '354',
    ]);
  });

  contract.test('HELO is enough for a message', async (t) => {
    await using served = await t.serve();
    const client = await served.client('HELO client.example', ...ENVELOPE.slice(1));
    expect(codeOf(await deliver(client))).toBe('250');
  });
}
