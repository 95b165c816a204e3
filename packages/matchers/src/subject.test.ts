// Of whichever subject a matcher takes it says the same, and it refuses any other. That holds of all of them.
import { startTestSmtp, type RecordedSession } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { matchers } from './index.ts';
import { MATCHER_CASES, RECIPIENT, type Claims } from './testing/matcher-cases.ts';
import { newInbox, newMessage, newServer, newSession } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';

const cases = Object.entries(MATCHER_CASES);
const plain = newSession({ transactions: [{}, {}] });

/** What a session is part of, or consists of; the second of its messages and transactions. */
const subjectsOf = (session: RecordedSession): readonly (readonly [string, unknown])[] => [
  ['message', session.transactions[1]!.message],
  ['transaction', session.transactions[1]],
  ['session', session],
  ['server', newServer([newSession(), session])],
  ['inbox', newInbox(RECIPIENT, [newSession(), session])],
];

test('every matcher has a case', () => {
  expect([...Object.keys(MATCHER_CASES), 'toHaveUsedAllFaults', 'toReceiveMessage'].toSorted()).toEqual(
    Object.keys(matchers).toSorted(),
  );
});

describe.each(cases)('%s', (_, { call, found, missed = plain }) => {
  test.each(subjectsOf(found))('is true of a %s', async (_, subject) => {
    await holds((expect) => call(expect(subject)));
    expect(await failureOf((expect) => call(expect(subject).not))).toMatch(/\nExpected: .*\nReceived: /);
  });

  test.each(subjectsOf(missed))('is not true of another %s', async (_, subject) => {
    await holds((expect) => call(expect(subject).not));
    expect(await failureOf((expect) => call(expect(subject)))).toMatch(/\nExpected: .*\nReceived: /);
  });
});

test.each(cases.filter(([, { about }]) => about !== 'session'))(
  '%s looks at no other transaction, or message, of the session',
  async (_, { call, found }) => {
    const [other] = found.transactions;
    for (const subject of [other, other!.message]) {
      await holds((expect) => call(expect(subject).not));
      await failureOf((expect) => call(expect(subject)));
    }
  },
);

test.each(cases.filter(([, { about }]) => about === 'session'))(
  '%s looks at the whole session of a transaction, or a message',
  async (_, { call, found }) => {
    const [other] = found.transactions;
    for (const subject of [other, other!.message]) await holds((expect) => call(expect(subject)));
  },
);

const ANY = 'a message, a transaction, a session, a server of startTestSmtp() or an inbox';
const NOT_YET = 'has it come yet? `await mail.waitForMessage()` gives it when it has';
const SOURCE = 'a server of startTestSmtp() or an inbox';

const calls: readonly (readonly [name: string, fitting: string, call: (claims: Claims) => void | Promise<void>])[] = [
  ...cases.map(([name, { call }]) => [name, ANY, call] as const),
  ['toReceiveMessage', SOURCE, (claims) => claims.toReceiveMessage()],
  ['toHaveUsedAllFaults', SOURCE, (claims) => claims.toHaveUsedAllFaults()],
];

const strangers: readonly (readonly [given: string, subject: unknown])[] = [
  ['null', null],
  ["'mail'", 'mail'],
  ['an object', { kind: 'mail' }],
  // A kind that only looks like one is none.
  ['an object', { kind: 'toString' }],
  ['an object', { kind: ['server'] }],
  ['an array: take one of its items', [newMessage()]],
  ['a promise: await it first', Promise.resolve(newServer([]))],
];

describe.each(calls)('%s', (name, fitting, call) => {
  const parts = subjectsOf(plain)
    .slice(0, 3)
    .map(([kind, subject]) => [`a ${kind}`, subject] as const);

  const nothing = fitting === ANY ? `undefined: ${NOT_YET}` : 'undefined';

  test.each([[nothing, undefined] as const, ...strangers, ...(fitting === SOURCE ? parts : [])])(
    'refuses %s, with .not too',
    async (given, subject) => {
      const refusal = {
        name: 'ExpectationError',
        code: 'ERR_MAILRIG_EXPECTATION',
        message: `${name}: expect() must be given ${fitting}, not ${given}.`,
      };
      const error = await refusalOf(subject, call);
      expect(error).toMatchObject(refusal);
      expect(error).toBeInstanceOf(TypeError);
    },
  );
});

describe('an inbox of a real server', () => {
  /** Two inboxes, a mail to each over one connection, and one to the first and somebody else that is refused. */
  const serverAfterMails = async () => {
    const mail = await startTestSmtp({ tls: 'none' });
    const [own, other] = [mail.inbox('own'), mail.inbox('other')];
    own.inject([
      { at: 'rcpt', reply: '451 4.7.1 Greylisted', times: 1 },
      { at: 'data', reply: '554 5.3.0 No', times: 1 },
    ]);
    other.inject({ at: 'rcpt', reply: '452 4.2.2 Full', times: 1 });
    const transport = createTransport({ ...mail.connection, pool: true, maxConnections: 1 });
    for (const [subject, to] of [
      ['greylisted', own.address],
      ['refused', own.address],
      ['for own', own.address],
      ['full', other.address],
      ['for other', other.address],
    ] as const) {
      await transport
        .sendMail({ from: `${subject.replace(' ', '-')}@example.com`, to, subject, text: subject })
        .catch(() => {});
    }
    transport.close();
    await mail.idle();
    return { mail, own, other };
  };

  test('has its own messages, and those transactions that have named it', async () => {
    const { mail, own } = await serverAfterMails();
    await using _mail = mail;
    await holds((expect) => expect(own).toHaveSubject('for own'));
    await holds((expect) => expect(own).not.toHaveSubject('for other'));
    await holds((expect) => expect(own).toHaveEnvelope({ from: 'refused@example.com', to: own.address }));
    await holds((expect) => expect(own).not.toHaveEnvelope({ from: 'for-other@example.com' }));
    await holds((expect) => expect(own).toHaveRecipientOutcome(own.address, '451 4.7.1'));
    await holds((expect) => expect(own).toHaveRecipientOutcome(own.address, 'delivered'));
    await holds((expect) => expect(own).not.toHaveRecipientOutcome(own.address, 452));
  });

  test('has the whole sessions that have named it', async () => {
    const { mail, own, other } = await serverAfterMails();
    await using _mail = mail;
    await holds((expect) => expect(own).toHaveSentCommand('MAIL', /^FROM:<for-other@/));
    await holds((expect) => expect(other).toHaveSentCommand('MAIL', /^FROM:<for-own@/));
    const third = mail.inbox('third');
    expect(await failureOf((expect) => expect(third).not.toHaveSentCommand('DATA'))).toMatch(
      /^Received: no session: no client has named third\.\S+@inbox\.test in RCPT, so that there is nothing to compare$/m,
    );
  });

  test('tells of the faults that were for it', async () => {
    const { mail, own, other } = await serverAfterMails();
    await using _mail = mail;
    await holds((expect) => expect(own).toHaveUsedAllFaults());
    const text = (await failureOf((expect) => expect(own).toHaveSubject('for other'))).replaceAll(
      own.address,
      'own@inbox.test',
    );
    expect(text.slice(0, text.indexOf('\n\nThe end of session'))).toMatchInlineSnapshot(`
      "expect(inbox).toHaveSubject(pattern)

      Expected: { subject: 'for other' }
      Received: { subject: 'for own' }

      First difference: subject
        Expected: 'for other'
        Received: 'for own'

      Faults that applied:
        Answers RCPT for own@inbox.test with 451 4.7.1 Greylisted, once at most. 1 hit.
        Answers DATA for own@inbox.test with 554 5.3.0 No, once at most. 1 hit."
    `);
    expect(text).not.toContain('452 4.2.2 Full. 1 hit');
    other.inject({ at: 'data', reply: '554 5.3.0 No' });
    await holds((expect) => expect(own).toHaveUsedAllFaults());
    await holds((expect) => expect(other).not.toHaveUsedAllFaults());
    await holds((expect) => expect(mail).not.toHaveUsedAllFaults());
  });
});
