import { expect } from 'vitest';
import { codeOf, ENVELOPE } from './contract-client.ts';
import { refusal, type ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { refusing } from './refusing.ts';

export function describePipelining(contract: Contract): void {
  const replies = async (t: ContractCase, lines: readonly string[], options: ContractOptions): Promise<string[]> => {
    await using served = await t.serve(options);
    const client = await served.client();
    client.send(lines.map((line) => `${line}\r\n`).join(''));
    const received: string[] = [];
    while (received.at(-1) !== '221') received.push(codeOf(await client.reply()));
    return received;
  };

  contract.test('replies come in the order of the commands, however long handlers take (RFC 2920 §3.2)', async (t) => {
    const calls: string[] = [];
    const answer = (callback: (error?: Error | null) => void, error: Error | null, turns: number): void => {
      if (turns === 0) callback(error);
      else setImmediate(answer, callback, error, turns - 1);
    };
    const lines = [
      ...ENVELOPE,
      'RCPT TO:<eve@example.org>',
      'RCPT TO:<cat@example.org>',
      'DATA',
      'Hello',
      '.',
      'NOOP',
      ...ENVELOPE.slice(1),
      'RSET',
      'HELP',
      'QUIT',
    ];
    expect(
      await replies(t, lines, {
        onMailFrom({ address }, _session, callback) {
          calls.push(address);
          answer(callback, null, 5);
        },
        onRcptTo({ address }, _session, callback) {
          calls.push(address);
          answer(callback, address === 'eve@example.org' ? refusal('No') : null, address === 'bob@example.org' ? 5 : 0);
        },
        onData(stream, _session, callback) {
          calls.push('data');
          stream.on('end', () => answer(callback, null, 5)).resume();
        },
      }),
    ).toEqual(['250', '250', '250', '550', '250', '354', '250', '250', '250', '250', '250', '214', '221']);
    expect(calls).toEqual([
      'ann@example.org',
      'bob@example.org',
      'eve@example.org',
      'cat@example.org',
      'data',
      'ann@example.org',
      'bob@example.org',
    ]);
  });

  contract.test('what follows the final dot in one piece is a command', async (t) => {
    expect(await replies(t, [...ENVELOPE, 'DATA', 'Hello', '.', 'NOOP', 'QUIT'], {})).toEqual([
      '250',
      '250',
      '250',
      '354',
      '250',
      '250',
      '221',
    ]);
  });

  contract.test('DATA is refused when every recipient was', async (t) => {
    expect(await replies(t, [...ENVELOPE, 'DATA', 'QUIT'], refusing('onRcptTo', refusal('No')))).toEqual([
      '250',
      '250',
      '550',
      '503',
      '221',
    ]);
  });

  contract.test('it does not matter how commands and message are cut into pieces', async (t) => {
    const messages: string[] = [];
    await using served = await t.serve({
      onData(stream, _session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          messages.push(Buffer.concat(chunks).toString());
          callback();
        });
      },
    });
    const client = await served.client();
    client.socket.setNoDelay();
    for (const octet of `${[...ENVELOPE, 'DATA', '..Hello', '.x', '.', 'QUIT'].join('\r\n')}\r\n`) {
      client.send(octet);
      await new Promise(setImmediate);
    }
    const received: string[] = [];
    while (received.at(-1) !== '221') received.push(codeOf(await client.reply()));
    expect(received).toEqual(['250', '250', '250', '354', '250', '221']);
    expect(messages[0]).toMatch(/^\.Hello\r\n\.?x\r\n$/);
  });
}
