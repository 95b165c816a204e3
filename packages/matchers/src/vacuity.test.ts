// Where there is nothing to look at, or not all of it, neither an assertion nor its opposite holds. That is so of every matcher.
import { startTestSmtp, type Discarded } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { MATCHER_CASES, RECIPIENT, type Claims } from './testing/matcher-cases.ts';
import { newDiscarded, newInbox, newRecipient, newServer, newSession } from './testing/recorded.ts';
import { failureOf, holds } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const cases = Object.entries(MATCHER_CASES);
const plain = newSession({ transactions: [{}, {}] });

async function failsBothWays(
  call: (claims: Claims) => void | Promise<void>,
  subject: unknown,
  reason: string,
): Promise<void> {
  expect(await failureOf((expect) => call(expect(subject)))).toContain(`\nReceived: ${reason}`);
  expect(await failureOf((expect) => call(expect(subject).not))).toContain(`\nReceived: ${reason}`);
}

describe.each(cases)('%s', (_, { call, found, missed = plain, about, isAbsence }) => {
  const isOfMessages = about === 'content' || about === 'header';

  test('needs a client', async () => {
    await failsBothWays(
      call,
      newServer([]),
      'no session: no client has connected, so that there is nothing to compare',
    );
  });

  test('needs a client that has named the address of an inbox', async () => {
    await failsBothWays(
      call,
      newInbox(RECIPIENT, []),
      `no session: no client has named ${RECIPIENT} in RCPT, so that there is nothing to compare`,
    );
  });

  test.each<[what: string, lost: Partial<Discarded>]>(
    isOfMessages
      ? [['1 earlier message', { messages: 1 }]]
      : [
          ['2 earlier sessions', { sessions: 2 }],
          ...(about === 'transaction' ? [['1 earlier transaction', { transactions: 1 }] as [string, object]] : []),
        ],
  )('needs all that there was, unless it is there: %s', async (what, lost) => {
    const discarded = newDiscarded(lost);
    const [decided, open] = isAbsence ? [missed, found] : [found, missed];
    for (const newSource of [newServer, newInbox.bind(undefined, RECIPIENT)]) {
      await failsBothWays(call, newSource([open], { discarded }), `${what} not kept: raise \`retain\``);
      await holds((expect) => {
        const claims = expect(newSource([decided], { discarded }));
        return call(isAbsence ? claims.not : claims);
      });
    }
  });
});

const ofMessages = cases.filter(([, { about }]) => about === 'content' || about === 'header');

describe.each(ofMessages)('%s', (_, { call, found, about }) => {
  test.each([
    ['a transaction', newSession({ transactions: [{ content: null }] }).transactions[0]],
    ['a session', newSession()],
    ['a session in which it was refused', newSession({ transactions: [{ content: null }] })],
    ['a server', newServer([newSession(), newSession({ transactions: [{ content: null }] })])],
  ])('needs a message in %s', async (_, subject) => {
    await failsBothWays(call, subject, 'no message: the server has accepted none, so that there is nothing to compare');
  });

  test('needs a message in an inbox', async () => {
    const inbox = newInbox(RECIPIENT, [newSession({ transactions: [{ content: null }] })]);
    await failsBothWays(call, inbox, `no message: the server has accepted none for ${RECIPIENT}, so that`);
  });

  test('needs a message that was not let go of', async () => {
    const recipients = [
      newRecipient(RECIPIENT, 'delivered', '250 2.0.0 Message accepted'),
      newRecipient('eve@example.com', 'failed', '550 5.1.1 No such user'),
    ];
    const session = newSession({ transactions: [{ recipients, content: null }] });
    await failsBothWays(call, session, '1 earlier message not kept: ');
    await failsBothWays(call, session.transactions[0], '1 earlier message not kept: ');
  });

  const parseProblem = new Error('not parsed: there are more than 256 parts');

  test(`${about === 'content' ? 'needs' : 'does not need'} a content that was read`, async () => {
    const [unread] = newSession({ transactions: [{ content: { parseProblem } }] }).transactions;
    const reason = 'the message of transaction 1 of session 1 is not parsed: there are more than 256 parts';
    if (about === 'content') await failsBothWays(call, unread!.message, reason);
    else await holds((expect) => call(expect(unread!.message).not));
  });

  test('holds where another has it, of which all is there', async () => {
    const sessions = [newSession({ transactions: [{ content: { parseProblem } }] }), found];
    await holds((expect) => call(expect(newServer(sessions))));
    await failureOf((expect) => call(expect(newServer(sessions)).not));
  });
});

describe('a session that has let go of its beginning', () => {
  const lines = ['* 12 earlier lines are not kept', 'C: QUIT', 'S: 221 2.0.0 Bye'];
  const session = newSession({ lines, transactions: [{}] });
  const reason = 'in session 1, 12 earlier lines are not kept: raise `retain`';

  test.each([
    'toHaveAuthAttempt',
    'toHaveEnvelope',
    'toHaveRecipient',
    'toHaveSentCommand',
    'toHaveTranscript',
  ] as const)('may have had what %s looks for', async (name) => {
    await failsBothWays(MATCHER_CASES[name].call, session, reason);
  });

  test.each(['toHaveEnvelope', 'toHaveRecipient', 'toHaveRecipientOutcome'] as const)(
    'has the transaction that %s is asked about',
    async (name) => {
      const [transaction] = session.transactions;
      for (const subject of [transaction, transaction!.message]) {
        await holds((expect) => MATCHER_CASES[name].call(expect(subject).not));
      }
    },
  );

  test.each(['toHaveClosedBy', 'toHaveNegotiatedTls'] as const)('has what %s looks at', async (name) => {
    await holds((expect) => MATCHER_CASES[name].call(expect(session).not));
  });
});

test('AUTH attempts that a server has let go of may have been like that', async () => {
  const { call, found, missed } = MATCHER_CASES.toHaveAuthAttempt;
  const discarded = newDiscarded({ authAttempts: 3 });
  await failsBothWays(call, newServer([missed!], { discarded }), '3 earlier AUTH attempts not kept: ');
  await holds((expect) => call(expect(newServer([found], { discarded }))));
});

test('refused recipients that a transaction has let go of may have had that outcome', async () => {
  const [transaction] = newSession({ transactions: [{}] }).transactions;
  const full = { ...transaction!, recipientsNotKept: 2 };
  const { call } = MATCHER_CASES.toHaveRecipientOutcome;
  await failsBothWays(call, full, '2 refused recipients not kept: ');
  await failsBothWays(
    (claims) => claims.toHaveRecipientOutcome('eve@example.com', 550),
    full,
    '2 refused recipients not kept: ',
  );
  await holds((expect) => expect(full).toHaveRecipientOutcome(RECIPIENT, 'delivered'));
});

describe('a message whose session is not kept', () => {
  test('counts, on its server and in its inbox', async () => {
    await using mail = await startTestSmtp({ tls: 'none', retain: { sessions: 1 } });
    const inbox = mail.inbox();
    await send(mail, { subject: 'First', to: inbox.address, text: 'Hello' });
    await send(mail, { subject: 'Second', text: 'Hello' });
    await mail.idle();

    expect(mail.sessions).toHaveLength(1);
    expect(inbox.sessions).toEqual([]);
    for (const source of [mail, inbox]) {
      await holds((expect) => expect(source).toHaveSubject('First'));
      await holds((expect) => expect(source).not.toHaveSubject('Third'));
      await holds((expect) => expect(source).toReceiveMessage({ subject: 'First' }));
      await failsBothWays((claims) => claims.toHaveEnvelope({ from: null }), source, '1 earlier session not kept: ');
    }
    await holds((expect) => expect(inbox).not.toReceiveMessage({ subject: 'Third' }));
    expect(await failureOf((expect) => expect(inbox).toHaveSubject('Fist'))).toContain('\nThe end of session 1:\n');
    expect(await failureOf((expect) => expect(mail).not.toHaveClosedBy('client'))).toContain(
      "\nReceived: { closedBy: 'client', ",
    );
    expect(await failureOf((expect) => expect(mail).not.toHaveSubject('First'))).toContain(
      '\nReceived: the message of a transaction of session 1, ',
    );
  });
});

describe('in words', () => {
  test('of a server without a client', async () => {
    const { call } = MATCHER_CASES.toHaveEnvelope;
    expect(await failureOf((expect) => call(expect(newServer([]))))).toMatchInlineSnapshot(`
      "expect(server).toHaveEnvelope(expected)

      Expected: { from: null }
      Received: no session: no client has connected, so that there is nothing to compare"
    `);
    expect(await failureOf((expect) => call(expect(newServer([])).not))).toMatchInlineSnapshot(`
      "expect(server).not.toHaveEnvelope(expected)

      Expected: not { from: null }
      Received: no session: no client has connected, so that there is nothing to compare"
    `);
  });

  test('of a message that was refused', async () => {
    const { call } = MATCHER_CASES.toHaveBlindRecipient;
    const session = newSession({ transactions: [{ content: null }] });
    expect(await failureOf((expect) => call(expect(session)))).toMatchInlineSnapshot(`
      "expect(session).toHaveBlindRecipient(address)

      Expected: { recipient: 'carol@example.com', namedIn: [] }
      Received: no message: the server has accepted none, so that there is nothing to compare

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});
