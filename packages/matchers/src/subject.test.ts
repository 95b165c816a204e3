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
};

describe.each(Object.entries(assertions))('%s', (name, assertion) => {
  const fitting = name === 'toReceiveMessage' ? 'a server of startTestSmtp()' : FITTING;

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
  expect(error.message).toBe(`toReceiveMessage: expect() must be given a server of startTestSmtp(), not ${given}.`);
});
