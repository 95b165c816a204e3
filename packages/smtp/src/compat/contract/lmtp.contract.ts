import { expect } from 'vitest';
import type { WireClient } from '../../testing/wire-client.ts';
import { codeOf, codes, MAIL, say, statusOf } from './contract-client.ts';
import { refusal, type ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';

const RECIPIENTS = ['a@example.org', 'b@example.org', 'c@example.org'];

const OPENING = ['LHLO client.example', MAIL];

export function describeLmtp(contract: Contract): void {
  describeReplies(contract);
  describeRecipients(contract);
  describeSession(contract);
}

type Answer = string | (string | Error)[] | undefined;

/** Reads the message, and says what is given. */
const answering = (answer: Answer, error: Error | null = null): ContractOptions => ({
  lmtp: true,
  onData(stream, _session, callback) {
    stream.on('end', () => callback(error, answer)).resume();
  },
});

/** Reads the message, and says of each recipient in the envelope which one it is. */
const NAMING_RECIPIENTS: ContractOptions = {
  lmtp: true,
  onData(stream, { envelope }, callback) {
    const names = envelope.rcptTo.map(({ address }) => address);
    stream.on('end', () => callback(null, names)).resume();
  },
};

/** What comes between the final dot and the reply to a HELP behind it. */
async function repliesTo(client: WireClient, content = 'Hello'): Promise<string[]> {
  await client.ask('DATA');
  client.send(`${content}\r\n.\r\nHELP\r\n`);
  const replies: string[] = [];
  for (let reply = await client.reply(); codeOf(reply) !== '214'; reply = await client.reply()) replies.push(reply);
  return replies;
}

async function deliverTo(
  t: ContractCase,
  recipients: readonly string[],
  options: ContractOptions,
  content?: string,
): Promise<string[]> {
  await using served = await t.serve(options);
  const client = await served.client(...OPENING, ...recipients.map((recipient) => `RCPT TO:<${recipient}>`));
  return await repliesTo(client, content);
}

function describeReplies(contract: Contract): void {
  contract.test('LMTP: a list of texts has one for each recipient (RFC 2033 §4.2)', async (t) => {
    expect(await deliverTo(t, RECIPIENTS, answering(['One', 'Two', 'Three']))).toEqual([
      '250 One',
      '250 Two',
      '250 Three',
    ]);
  });

  contract.test('LMTP: an error in the list refuses that recipient', async (t) => {
    expect(await deliverTo(t, RECIPIENTS, answering([refusal('Full', 452), 'Two', refusal('Unknown', 550)]))).toEqual([
      '452 Full',
      '250 Two',
      '550 Unknown',
    ]);
  });

  contract.test('LMTP: an error without a responseCode is 450', async (t) => {
    expect(await deliverTo(t, RECIPIENTS, answering(['One', refusal('Later'), 'Three']))).toEqual([
      '250 One',
      '450 Later',
      '250 Three',
    ]);
  });

  contract.test('LMTP: one text is for all', async (t) => {
    expect(await deliverTo(t, RECIPIENTS, answering('Delivered'))).toEqual([
      '250 Delivered',
      '250 Delivered',
      '250 Delivered',
    ]);
  });

  contract.test('LMTP: without a text each has one', async (t) => {
    const replies = await deliverTo(t, RECIPIENTS, answering(undefined));
    expect(replies).toHaveLength(3);
    for (const reply of replies) expect(reply).toMatch(/^250 \w/);
  });

  contract.test('LMTP: without onData each is accepted', async (t) => {
    expect((await deliverTo(t, RECIPIENTS, { lmtp: true })).map(codeOf)).toEqual(['250', '250', '250']);
  });

  contract.test('LMTP: one error is for all', async (t) => {
    expect(await deliverTo(t, RECIPIENTS, answering(undefined, refusal('No', 554)))).toEqual([
      '554 No',
      '554 No',
      '554 No',
    ]);
    expect((await deliverTo(t, RECIPIENTS, answering(undefined, refusal('No')))).map(codeOf)).toEqual([
      '450',
      '450',
      '450',
    ]);
  });

  contract.test('LMTP: a list that is too short leaves the others accepted', async (t) => {
    expect((await deliverTo(t, RECIPIENTS, answering([refusal('No', 550)]))).map(codeOf)).toEqual([
      '550',
      '250',
      '250',
    ]);
  });

  contract.test('LMTP: of a list that is too long the rest is not said', async (t) => {
    expect(await deliverTo(t, ['a@example.org'], answering(['One', 'Two', 'Three']))).toEqual(['250 One']);
  });

  contract.test('LMTP: what is neither text nor error accepts', async (t) => {
    const answer = [null, undefined, true] as unknown as string[];
    expect((await deliverTo(t, RECIPIENTS, answering(answer))).map(codeOf)).toEqual(['250', '250', '250']);
  });

  contract.test('LMTP: texts can’t inject a reply', async (t) => {
    const replies = await deliverTo(t, RECIPIENTS, answering(['One\r\n250 Two', refusal('No\r\n250 Yes'), 'Three']));
    expect(replies).toHaveLength(3);
    expect(replies.map(codeOf)).toEqual(['250', '450', '250']);
  });

  contract.test('LMTP: replies have enhanced status codes of their class', async (t) => {
    const replies = await deliverTo(t, RECIPIENTS, {
      ...answering(['One', refusal('No', 550), refusal('Later')]),
      hideENHANCEDSTATUSCODES: false,
    });
    const [one = '', two = '', three = ''] = replies.map(statusOf);
    expect(one).toMatch(/^250 2\./);
    expect(two).toMatch(/^550 5\./);
    expect(three).toMatch(/^450 4\./);
  });

  contract.test('LMTP: an answer that comes before the message is sent behind it', async (t) => {
    expect(
      await deliverTo(t, RECIPIENTS, {
        lmtp: true,
        onData: (_stream, _session, callback) => callback(null, ['One', 'Two', 'Three']),
      }),
    ).toEqual(['250 One', '250 Two', '250 Three']);
  });

  contract.test('LMTP: 421 ends the session', async (t) => {
    await using served = await t.serve(answering(undefined, refusal('Overloaded', 421)));
    const client = await served.client(...OPENING, 'RCPT TO:<a@example.org>', 'DATA');
    expect(await client.ask('Hello\r\n.')).toBe('421 Overloaded');
    expect(await client.end()).toBe('');
  });

  contract.test('LMTP: rejectOversized refuses once per recipient, whatever onData says', async (t) => {
    const options = { ...answering(['One', 'Two', 'Three']), size: 10, rejectOversized: true };
    expect((await deliverTo(t, RECIPIENTS, options, 'Hello world')).map(codeOf)).toEqual(['552', '552', '552']);
    expect((await deliverTo(t, RECIPIENTS, options, 'Hello')).map(codeOf)).toEqual(['250', '250', '250']);
  });

  contract.test('LMTP: rejectOversized has the enhanced status code 5.3.4', async (t) => {
    const options = { lmtp: true, size: 10, rejectOversized: true, hideENHANCEDSTATUSCODES: false };
    expect((await deliverTo(t, RECIPIENTS, options, 'Hello world')).map(statusOf)).toEqual([
      '552 5.3.4',
      '552 5.3.4',
      '552 5.3.4',
    ]);
  });
}

function describeRecipients(contract: Contract): void {
  contract.test('LMTP: a recipient that was refused has no reply', async (t) => {
    expect(
      await deliverTo(t, RECIPIENTS, {
        ...answering(['One', 'Three']),
        onRcptTo: ({ address }, _session, callback) => callback(address === 'b@example.org' ? refusal('No') : null),
      }),
    ).toEqual(['250 One', '250 Three']);
  });

  contract.test('LMTP: the list is in the order of the envelope', async (t) => {
    expect(await deliverTo(t, ['c@example.org', 'a@example.org'], NAMING_RECIPIENTS)).toEqual([
      '250 c@example.org',
      '250 a@example.org',
    ]);
  });

  contract.test(
    'LMTP: each RCPT that was accepted has its reply, also one that was repeated (RFC 2033 §4.2)',
    async (t) => {
      expect(await deliverTo(t, ['a@example.org', 'b@example.org', 'a@example.org'], NAMING_RECIPIENTS)).toEqual([
        '250 a@example.org',
        '250 b@example.org',
        '250 a@example.org',
      ]);
    },
  );

  contract.test('LMTP: one text is for each RCPT that was accepted, also one that was repeated', async (t) => {
    expect(await deliverTo(t, ['a@example.org', 'a@example.org'], answering('Delivered'))).toEqual([
      '250 Delivered',
      '250 Delivered',
    ]);
  });

  contract.test('LMTP: DATA without a recipient gets 503, and no reply more', async (t) => {
    await using served = await t.serve({
      lmtp: true,
      onRcptTo: (_address, _session, callback) => callback(refusal('No')),
    });
    const client = await served.client(...OPENING);
    expect(await codes(client, 'RCPT TO:<a@example.org>', 'DATA', 'HELP')).toEqual(['550', '503', '214']);
  });
}

function describeSession(contract: Contract): void {
  contract.test('LMTP: one message after the other', async (t) => {
    let messages = 0;
    await using served = await t.serve({
      lmtp: true,
      onData(stream, _session, callback) {
        messages++;
        stream.on('end', () => callback(null, `Message ${messages}`)).resume();
      },
    });
    const client = await served.client(OPENING[0]!);
    for (const message of [1, 2, 3]) {
      const recipients = RECIPIENTS.slice(0, message);
      await say(client, OPENING[1]!, ...recipients.map((recipient) => `RCPT TO:<${recipient}>`));
      expect(await repliesTo(client)).toEqual(recipients.map(() => `250 Message ${message}`));
    }
  });

  contract.test('LMTP: pipelined replies are in order', async (t) => {
    await using served = await t.serve(answering(['One', refusal('No', 550)]));
    const client = await served.client();
    client.send(
      [...OPENING, 'RCPT TO:<a@example.org>', 'RCPT TO:<b@example.org>', 'DATA', 'Hello', '.', 'NOOP', 'QUIT', ''].join(
        '\r\n',
      ),
    );
    const received: string[] = [];
    while (received.at(-1) !== '221') received.push(codeOf(await client.reply()));
    expect(received).toEqual(['250', '250', '250', '250', '354', '250', '550', '250', '221']);
    expect(await client.end()).toBe('');
  });

  contract.test('LMTP: LHLO ends a transaction', async (t) => {
    await using served = await t.serve({ lmtp: true });
    const client = await served.client(...OPENING, 'RCPT TO:<a@example.org>');
    expect(await codes(client, 'LHLO client.example', 'DATA', OPENING[1]!)).toEqual(['250', '503', '250']);
  });
}
