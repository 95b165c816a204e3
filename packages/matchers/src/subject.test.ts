import { startTestSmtp } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { newMessage, newServer, newSession } from './testing/recorded.ts';
import { errorOf, type Expect } from './testing/runners.ts';

const FITTING = 'a message, a transaction, a session or a server of startTestSmtp()';

const assertions = {
  toReceiveMessage: (expectation: ReturnType<Expect>) => expectation.toReceiveMessage(),
  toHaveEnvelope: (expectation: ReturnType<Expect>) => expectation.toHaveEnvelope({}),
  toHaveAuthAttempt: (expectation: ReturnType<Expect>) => expectation.toHaveAuthAttempt(),
  toHaveNegotiatedTls: (expectation: ReturnType<Expect>) => expectation.toHaveNegotiatedTls(),
  toHaveRecipientOutcome: (expectation: ReturnType<Expect>) => expectation.toHaveRecipientOutcome('bob', 'failed'),
  toHaveRecipient: (expectation: ReturnType<Expect>) => expectation.toHaveRecipient('bob'),
  toHaveBlindRecipient: (expectation: ReturnType<Expect>) => expectation.toHaveBlindRecipient(),
  toHaveAddress: (expectation: ReturnType<Expect>) => expectation.toHaveAddress('to', 'bob'),
  toHaveSubject: (expectation: ReturnType<Expect>) => expectation.toHaveSubject('Hello'),
  toHaveHeader: (expectation: ReturnType<Expect>) => expectation.toHaveHeader('List-Id'),
  toHaveText: (expectation: ReturnType<Expect>) => expectation.toHaveText('Hello'),
  toHaveHtml: (expectation: ReturnType<Expect>) => expectation.toHaveHtml('Hello'),
  toHavePart: (expectation: ReturnType<Expect>) => expectation.toHavePart({}),
  toHaveAttachment: (expectation: ReturnType<Expect>) => expectation.toHaveAttachment(),
  toHaveLink: (expectation: ReturnType<Expect>) => expectation.toHaveLink(),
  toHaveSentCommand: (expectation: ReturnType<Expect>) => expectation.toHaveSentCommand('QUIT'),
  toHaveTranscript: (expectation: ReturnType<Expect>) => expectation.toHaveTranscript(['C: QUIT']),
  toHaveClosedBy: (expectation: ReturnType<Expect>) => expectation.toHaveClosedBy('quit'),
  toHaveNoViolations: (expectation: ReturnType<Expect>) => expectation.toHaveNoViolations(),
  toHaveOneClickUnsubscribe: (expectation: ReturnType<Expect>) => expectation.toHaveOneClickUnsubscribe(),
  toHaveValidDkim: (expectation: ReturnType<Expect>) => expectation.toHaveValidDkim({ publicKey: 'v=DKIM1; p=x' }),
  toHaveUsedAllFaults: (expectation: ReturnType<Expect>) => expectation.toHaveUsedAllFaults(),
};

const FITTING_OTHERS = new Map([
  ['toReceiveMessage', 'a server of startTestSmtp() or an inbox'],
  ['toHaveUsedAllFaults', 'a server of startTestSmtp()'],
]);

describe.each(Object.entries(assertions))('%s', (name, assertion) => {
  const fitting = FITTING_OTHERS.get(name) ?? FITTING;

  test.each<[given: string, subject: unknown]>([
    ['undefined', undefined],
    ['null', null],
    ["'mail'", 'mail'],
    ['an object', { kind: 'mail' }],
    ['an array: take one of its items', [newMessage()]],
    ['a promise: await it first', Promise.resolve(newServer([]))],
  ])('refuses %s, with .not too', async (given, subject) => {
    const refusal = {
      name: 'ExpectationError',
      code: 'ERR_MAILRIG_EXPECTATION',
      message: `${name}: expect() must be given ${fitting}, not ${given}.`,
    };
    expect(await errorOf((expect) => assertion(expect(subject)))).toMatchObject(refusal);
    expect(await errorOf((expect) => assertion(expect(subject).not as ReturnType<Expect>))).toMatchObject(refusal);
  });
});

test.each([
  ['a message', newMessage()],
  ['a transaction', newMessage().transaction],
  ['a session', newSession()],
])('toReceiveMessage refuses %s', async (given, subject) => {
  const error = await errorOf((expect) => expect(subject).not.toReceiveMessage());
  expect(error.message).toBe(
    `toReceiveMessage: expect() must be given a server of startTestSmtp() or an inbox, not ${given}.`,
  );
});

test('an inbox has no envelope: its messages have', async () => {
  await using mail = await startTestSmtp({ tls: 'none' });
  const error = await errorOf((expect) => expect(mail.inbox()).toHaveEnvelope({}));
  expect(error.message).toBe(`toHaveEnvelope: expect() must be given ${FITTING}, not an inbox.`);
});

test('a kind that only looks like one is none', async () => {
  const error = await errorOf((expect) => expect({ kind: 'toString' }).toHaveEnvelope({}));
  expect(error.message).toContain('not an object.');
});
