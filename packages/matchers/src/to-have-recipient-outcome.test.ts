import type { Outcome, Pattern } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { newRecipient, newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { ReplyExpectation } from './to-have-recipient-outcome.ts';

const ann = 'ann@example.com';
const bob = 'bob@example.com';
const eve = 'eve@example.com';
const dan = 'dan@example.com';

const lmtp = newSession({
  protocol: 'lmtp',
  lines: [
    'C: DATA',
    'S: 354 Send the message, end it with <CRLF>.<CRLF>',
    '* 48 octets of content',
    'S: 250 2.0.0 Message accepted',
    'S: 452 4.2.2 Mailbox full',
    'C: QUIT',
    'S: 221 2.0.0 Bye',
    '* closed after QUIT',
  ],
  transactions: [
    {
      recipients: [
        newRecipient(ann, 'delivered', '250 2.0.0 Message accepted'),
        newRecipient(bob, 'delayed', '452 4.2.2 Mailbox full'),
        newRecipient(eve, 'failed', '550 5.1.1 No such user'),
      ],
    },
  ],
});
const left = newSession({
  number: 2,
  transactions: [{ recipients: [newRecipient(dan, null, '250 2.1.5 Recipient OK')] }],
});

describe('what became of a recipient', () => {
  test.each<[address: Pattern, outcome: Outcome | ReplyExpectation]>([
    [ann, 'delivered'],
    [bob, 'delayed'],
    [eve, 'failed'],
    [/^eve@/, 'failed'],
    [expect.stringContaining('eve'), 'failed'],
    [/@example\.com$/, 'delayed'],
    [eve, 550],
    [eve, '550'],
    [eve, '550 5.1.1'],
    [eve, '550 5.1.1 No such'],
    [eve, '550 5.1.1 No such user'],
    [eve, /no such user/i],
    [eve, expect.stringContaining('5.1.1')],
    // RFC 5321 §2.4: a domain is the same in either case.
    ['eve@EXAMPLE.com', 'failed'],
  ])('%o: %o', async (address, outcome) => {
    await holds((expect) => expect(lmtp).toHaveRecipientOutcome(address, outcome));
    await failureOf((expect) => expect(lmtp).not.toHaveRecipientOutcome(address, outcome));
  });

  test.each<[address: Pattern, outcome: Outcome | ReplyExpectation]>([
    [ann, 'failed'],
    [bob, 'delivered'],
    [eve, 'delayed'],
    [eve, 551],
    [eve, '550 5.1'],
    [eve, '550 5.1.10'],
    [eve, '550 5.1.1 No such use'],
    [eve, '550 5.1.1 No such user here'],
    [eve, /^5\.1\.1/],
    [eve, expect.stringContaining('4.2.2')],
  ])('%o: not %o', async (address, outcome) => {
    await holds((expect) => expect(lmtp).not.toHaveRecipientOutcome(address, outcome));
    await failureOf((expect) => expect(lmtp).toHaveRecipientOutcome(address, outcome));
  });

  test.each<Outcome>(['delivered', 'delayed', 'failed'])(
    'is not %s where the session ended before',
    async (outcome) => {
      await holds((expect) => expect(left).not.toHaveRecipientOutcome(dan, outcome));
      await failureOf((expect) => expect(left).toHaveRecipientOutcome(dan, outcome));
    },
  );

  // `.not` passed, though the message was delivered a moment later.
  test.each<Outcome>(['delivered', 'delayed', 'failed'])('is not known to be %s before the reply', async (outcome) => {
    const waiting = [newRecipient(dan, null, '250 2.1.5 Recipient OK')];
    const session = newSession({ closedBy: null, transactions: [{ recipients: waiting, content: null }] });
    const server = newServer([session]);
    for (const failure of [
      await failureOf((expect) => expect(server).toHaveRecipientOutcome(dan, outcome)),
      await failureOf((expect) => expect(server).not.toHaveRecipientOutcome(dan, outcome)),
    ]) {
      expect(failure).toContain(
        '\nReceived: session 1 still open: first `await mail.waitForSession()` or `mail.idle()`\n',
      );
    }
  });

  test('is known of others, and of an earlier transaction, before the reply', async () => {
    const session = newSession({
      closedBy: null,
      transactions: [
        { recipients: [newRecipient(dan, null, '250 2.1.5 Recipient OK')], content: null },
        { recipients: [newRecipient(bob, null, '250 2.1.5 OK'), newRecipient(eve, 'failed', '550 No')], content: null },
      ],
    });
    await holds((expect) => expect(session).not.toHaveRecipientOutcome(dan, 'delivered'));
    await holds((expect) => expect(session).not.toHaveRecipientOutcome(eve, 'delivered'));
    await holds((expect) => expect(session).toHaveRecipientOutcome(/@example\.com$/, 'failed'));
    await failureOf((expect) => expect(session).not.toHaveRecipientOutcome(bob, 'delivered'));
  });
});

describe('the failure', () => {
  test('of a transaction', async () => {
    expect(await failureOf((expect) => expect(lmtp.transactions[0]).toHaveRecipientOutcome(bob, 'delivered')))
      .toMatchInlineSnapshot(`
        "expect(transaction).toHaveRecipientOutcome(address, outcome)

        Expected: { address: 'bob@example.com', outcome: 'delivered' }
        Received: { address: 'bob@example.com', outcome: 'delayed', reply: '452 4.2.2 Mailbox full' }

        First difference: outcome
          Expected: 'delivered'
          Received: 'delayed'

        The end of session 1:
          C: DATA
          S: 354 Send the message, end it with <CRLF>.<CRLF>
          * 48 octets of content
          S: 250 2.0.0 Message accepted
          S: 452 4.2.2 Mailbox full
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of a server with several RCPT commands for the address', async () => {
    const retry = newSession({
      number: 3,
      transactions: [{ recipients: [newRecipient(bob, 'failed', '554 5.7.1 No')] }],
    });
    expect(await failureOf((expect) => expect(newServer([lmtp, retry])).toHaveRecipientOutcome(bob, '250 2.0.0')))
      .toMatchInlineSnapshot(`
        "expect(server).toHaveRecipientOutcome(address, outcome)

        Expected: { address: 'bob@example.com', reply: '250 2.0.0' }
        Received: nothing like that in 2 sessions

        Nearest: RCPT 1 of transaction 1 of session 3, { address: 'bob@example.com', outcome: 'failed', reply: '554 5.7.1 No' }
        First difference: reply
          Expected: '250 2.0.0'
          Received: '554 5.7.1 No'

        The end of session 3:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(lmtp).not.toHaveRecipientOutcome(/^eve/, 550))).toMatchInlineSnapshot(`
      "expect(session).not.toHaveRecipientOutcome(address, outcome)

      Expected: not { address: /^eve/, reply: 550 }
      Received: { address: 'eve@example.com', outcome: 'failed', reply: '550 5.1.1 No such user' }

      The end of session 1:
        C: DATA
        S: 354 Send the message, end it with <CRLF>.<CRLF>
        * 48 octets of content
        S: 250 2.0.0 Message accepted
        S: 452 4.2.2 Mailbox full
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('without a RCPT command for the address, with .not too', async () => {
    expect(await failureOf((expect) => expect(lmtp).toHaveRecipientOutcome('Eve@example.com', 'failed')))
      .toMatchInlineSnapshot(`
        "expect(session).toHaveRecipientOutcome(address, outcome)

        Expected: { address: 'Eve@example.com', outcome: 'failed' }
        Received: no RCPT command for 'Eve@example.com' in any transaction: nothing became of it

        Nearest: RCPT 3 of transaction 1 of session 1, { address: 'eve@example.com', outcome: 'failed', reply: '550 5.1.1 No such user' }
        First difference: address
          Expected: 'Eve@example.com'
          Received: 'eve@example.com'

        The end of session 1:
          C: DATA
          S: 354 Send the message, end it with <CRLF>.<CRLF>
          * 48 octets of content
          S: 250 2.0.0 Message accepted
          S: 452 4.2.2 Mailbox full
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
    expect(await failureOf((expect) => expect(lmtp).not.toHaveRecipientOutcome('Eve@example.com', 'failed')))
      .toMatchInlineSnapshot(`
        "expect(session).not.toHaveRecipientOutcome(address, outcome)

        Expected: not { address: 'Eve@example.com', outcome: 'failed' }
        Received: no RCPT command for 'Eve@example.com' in any transaction: nothing became of it

        Nearest: RCPT 3 of transaction 1 of session 1, { address: 'eve@example.com', outcome: 'failed', reply: '550 5.1.1 No such user' }
        First difference: address
          Expected: 'Eve@example.com'
          Received: 'eve@example.com'

        The end of session 1:
          C: DATA
          S: 354 Send the message, end it with <CRLF>.<CRLF>
          * 48 octets of content
          S: 250 2.0.0 Message accepted
          S: 452 4.2.2 Mailbox full
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('without any RCPT command, with .not too', async () => {
    expect(await failureOf((expect) => expect(newSession()).toHaveRecipientOutcome(eve, 'failed')))
      .toMatchInlineSnapshot(`
        "expect(session).toHaveRecipientOutcome(address, outcome)

        Expected: { address: 'eve@example.com', outcome: 'failed' }
        Received: no RCPT command for 'eve@example.com' in any transaction: nothing became of it

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
    await failureOf((expect) => expect(newSession()).not.toHaveRecipientOutcome(eve, 'failed'));
  });
});

describe('an expectation that can not be meant is refused', () => {
  test.each([['deliverd'], ['5.1.1'], ['No such user'], ['5501'], [''], [55], [550.1], [undefined], [null], [['550']]])(
    'the outcome %o',
    async (outcome) => {
      const error = await errorOf((expect) => expect(lmtp).not.toHaveRecipientOutcome(eve, outcome as Outcome));
      expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION' });
    },
  );

  test('in words', async () => {
    expect(await failureOf((expect) => expect(lmtp).toHaveRecipientOutcome(eve, 'deliverd' as Outcome))).toBe(
      "toHaveRecipientOutcome: the outcome must be 'delivered', 'delayed', 'failed', or a reply such as 550, '550 5.1.1', " +
        "a RegExp or an asymmetric matcher, not 'deliverd'.",
    );
    expect(
      await failureOf((expect) => expect(lmtp).toHaveRecipientOutcome(undefined as unknown as string, 'failed')),
    ).toBe('toHaveRecipientOutcome: the address must be a string, a RegExp or an asymmetric matcher, not undefined.');
  });
});
