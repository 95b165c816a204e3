import { startTestSmtp, type Pattern } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { newMessage, newRecipient, newServer, newSession } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';

const envelope = { to: ['ann@example.com', 'bob@example.com'] };
const recipients = [
  newRecipient('ann@example.com', 'delivered', '250 2.0.0 Message accepted'),
  newRecipient('eve@example.com', 'failed', '550 5.1.1 No such user'),
  newRecipient('bob@example.com', 'delivered', '250 2.0.0 Message accepted'),
];
const session = newSession({ transactions: [{ envelope, recipients }] });
const message = session.transactions[0]!.message!;

describe('a recipient', () => {
  test.each<Pattern>(['ann@example.com', 'bob@EXAMPLE.com', /^bob@/, expect.stringContaining('ann')])(
    'is %s',
    async (address) => {
      await holds((expect) => expect(message).toHaveRecipient(address));
      await failureOf((expect) => expect(message).not.toHaveRecipient(address));
    },
  );

  test.each<Pattern>(['eve@example.com', /eve/, 'Ann@example.com', 'ann', expect.stringContaining('carol')])(
    'is not %s',
    async (address) => {
      await holds((expect) => expect(message).not.toHaveRecipient(address));
      await failureOf((expect) => expect(message).toHaveRecipient(address));
    },
  );

  test('is one whose message was refused', async () => {
    const refused = [newRecipient('ann@example.com', 'failed', '554 5.6.0 Spam')];
    const [transaction] = newSession({
      transactions: [{ envelope: { to: ['ann@example.com'] }, recipients: refused, content: null }],
    }).transactions;
    await holds((expect) => expect(transaction).toHaveRecipient('ann@example.com'));
  });

  test('that was refused and asked for again is one', async () => {
    const again = [newRecipient('ann@example.com', 'delayed', '451 4.7.1 Greylisted'), ...recipients];
    const session = newSession({ transactions: [{ envelope, recipients: again }] });
    await holds((expect) => expect(session).toHaveRecipient('ann@example.com'));
  });

  test('is what nodemailer asked for, and the server took', async () => {
    await using mail = await startTestSmtp();
    mail.inject({ at: 'rcpt', when: { to: 'eve@example.com' }, reply: '550 5.1.1 No such user' });
    await createTransport(mail.connection).sendMail({
      from: 'shop@example.com',
      to: ['ann@example.com', 'eve@example.com', 'bob@bücher.example'],
      text: 'Hello',
    });

    await holds((expect) => expect(mail).toHaveRecipient('ann@example.com'));
    await holds((expect) => expect(mail).toHaveRecipient('bob@bücher.example'));
    await holds((expect) => expect(mail).not.toHaveRecipient('eve@example.com'));
    expect(await failureOf((expect) => expect(mail).toHaveRecipient('eve@example.com'))).toContain(
      "First difference: the reply to RCPT\n  Expected: /^2/\n  Received: '550 5.1.1 No such user'",
    );
  });
});

describe('the failure', () => {
  test('of one who was refused shows the reply', async () => {
    expect(await failureOf((expect) => expect(message).toHaveRecipient('eve@example.com'))).toMatchInlineSnapshot(`
      "expect(message).toHaveRecipient(address)

      Expected: { to: 'eve@example.com' }
      Received: { to: [ 'ann@example.com', 'bob@example.com' ], refused: [ 'eve@example.com: 550 5.1.1 No such user' ] }

      First difference: the reply to RCPT
        Expected: /^2/
        Received: '550 5.1.1 No such user'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of one whom nobody asked for shows the recipients', async () => {
    expect(await failureOf((expect) => expect(message).toHaveRecipient('carol@example.com'))).toMatchInlineSnapshot(`
      "expect(message).toHaveRecipient(address)

      Expected: { to: 'carol@example.com' }
      Received: { to: [ 'ann@example.com', 'bob@example.com' ], refused: [ 'eve@example.com: 550 5.1.1 No such user' ] }

      First difference: to
        Expected: 'carol@example.com'
        Received: [ 'ann@example.com', 'bob@example.com' ]

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a server shows the transaction that refused it, not a later one', async () => {
    const server = newServer([session, newSession({ number: 2, transactions: [{}] })]);
    expect(await failureOf((expect) => expect(server).toHaveRecipient(/^eve@/))).toMatchInlineSnapshot(`
      "expect(server).toHaveRecipient(address)

      Expected: { to: /^eve@/ }
      Received: nothing like that in 2 transactions

      Nearest: transaction 1 of session 1, { to: [ 'ann@example.com', 'bob@example.com' ], refused: [ 'eve@example.com: 550 5.1.1 No such user' ] }
      First difference: the reply to RCPT
        Expected: /^2/
        Received: '550 5.1.1 No such user'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    const server = newServer([newSession({ transactions: [{}, { envelope }] })]);
    expect(await failureOf((expect) => expect(server).not.toHaveRecipient(/^ann@/))).toMatchInlineSnapshot(`
      "expect(server).not.toHaveRecipient(address)

      Expected: not { to: /^ann@/ }
      Received: transaction 2 of session 1, { to: [ 'ann@example.com', 'bob@example.com' ] }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});

describe('it fails both ways', () => {
  const discarded = { messages: 0, sessions: 0, transactions: 1, authAttempts: 0, transcriptLines: 0 };

  test.each([
    [
      'without any RCPT command',
      newSession({ transactions: [{ envelope: { to: [] }, content: null }] }),
      'no RCPT command',
    ],
    ['without a client', newServer([]), 'no client has connected'],
    [
      'where it may have been in what is not kept',
      newServer([session], { discarded }),
      '1 earlier transaction not kept',
    ],
    [
      'where nothing is kept',
      newServer([newSession()], { discarded: { ...discarded, sessions: 2, transactions: 0 } }),
      '2 earlier sessions not kept',
    ],
  ])('%s', async (_, subject, reason) => {
    expect(await failureOf((expect) => expect(subject).toHaveRecipient('carol@example.com'))).toContain(reason);
    expect(await failureOf((expect) => expect(subject).not.toHaveRecipient('carol@example.com'))).toContain(reason);
  });

  test('in words', async () => {
    expect(await failureOf((expect) => expect(newSession()).not.toHaveRecipient(/ann/))).toMatchInlineSnapshot(`
      "expect(session).not.toHaveRecipient(address)

      Expected: not { to: /ann/ }
      Received: no RCPT command in any transaction, so that there is nothing to compare

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});

test.each<[given: string, address: unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['an array', ['ann@example.com']],
])('an address that is %s is refused, with .not too', async (given, address) => {
  const error = await refusalOf(newMessage(), (claims) => claims.toHaveRecipient(address as string));
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toHaveRecipient: the address must be a string, a RegExp or an asymmetric matcher, not ${given}.`,
  });
});
