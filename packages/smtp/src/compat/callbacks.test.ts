import { expect, test } from 'vitest';
import { outcomeOf, type Outcome } from './callbacks.ts';
import type { SMTPServerCallback } from './types.ts';

type Handler = (callback: SMTPServerCallback<string>) => unknown;

const no = new Error('No');
const refusal = Object.assign(new Error('No'), { responseCode: 550 });

/** What is said, and what is reported on the way. */
async function ask(handler: Handler, takesCallback = true): Promise<{ outcome: Outcome<string>; reported: unknown[] }> {
  const reported: unknown[] = [];
  const outcome = await outcomeOf<string>(handler, takesCallback, (error) => reported.push(error));
  return { outcome, reported };
}

test.each<[string, Handler, Outcome<string>]>([
  ['a value', (callback) => callback(null, 'yes'), { kind: 'accepted', value: 'yes' }],
  ['nothing', (callback) => callback(), { kind: 'accepted', value: undefined }],
  ['an error', (callback) => callback(no), { kind: 'refused', error: no }],
  ['a value in a later turn', (callback) => setImmediate(callback, null, 'yes'), { kind: 'accepted', value: 'yes' }],
  ['an error in a later turn', (callback) => setImmediate(callback, no), { kind: 'refused', error: no }],
  [
    'a value, and returns another',
    (callback) => {
      setImmediate(callback, null, 'called');
      return 'returned';
    },
    { kind: 'accepted', value: 'called' },
  ],
  [
    'a value, and returns a promise of another',
    async (callback) => {
      setImmediate(callback, null, 'called');
      return 'returned';
    },
    { kind: 'accepted', value: 'called' },
  ],
])('a handler with a callback calls back with %s', async (_what, handler, outcome) => {
  expect(await ask(handler)).toEqual({ outcome, reported: [] });
});

test.each<[string, Handler, Outcome<string>]>([
  ['nothing', () => {}, { kind: 'accepted', value: undefined }],
  ['a value', () => 'yes', { kind: 'accepted', value: 'yes' }],
  ['a promise', async () => 'yes', { kind: 'accepted', value: 'yes' }],
  ['a promise that rejects with a responseCode', () => Promise.reject(refusal), { kind: 'refused', error: refusal }],
])('a handler without a callback returns %s', async (_what, handler, outcome) => {
  expect(await ask(handler, false)).toEqual({ outcome, reported: [] });
});

const throws = (error: Error) => (): never => {
  throw error;
};

test.each([true, false])(
  'a handler, its callback declared: %s, that throws a responseCode refuses',
  async (declared) => {
    expect(await ask(throws(refusal), declared)).toEqual({
      outcome: { kind: 'refused', error: refusal },
      reported: [],
    });
  },
);

test.each<[string, Handler, boolean]>([
  ['throws', throws(no), true],
  ['rejects', () => Promise.reject(no), true],
  ['throws, without a callback', throws(no), false],
  ['rejects, without a callback', () => Promise.reject(no), false],
])('a handler that %s has failed', async (_how, handler, declared) => {
  expect(await ask(handler, declared)).toEqual({ outcome: { kind: 'failed', error: no }, reported: [no] });
});

test('the first answer counts, and that there were more is reported once', async () => {
  const handler: Handler = (callback) => {
    callback(null, 'first');
    callback(null, 'second');
    callback(no);
  };
  const answeredTwice = expect.objectContaining({ code: 'ERR_MAILRIG_ANSWERED_TWICE' });
  expect(await ask(handler)).toEqual({ outcome: { kind: 'accepted', value: 'first' }, reported: [answeredTwice] });
});

test('what is thrown after the answer is reported', async () => {
  const handler: Handler = (callback) => {
    callback(null, 'first');
    throw no;
  };
  const expected = { outcome: { kind: 'accepted', value: 'first' }, reported: [no] };
  expect(await ask(handler)).toEqual(expected);
  expect(await ask(handler, false)).toEqual(expected);
});

test('what is said at once is known at once', () => {
  const outcome = outcomeOf(
    (callback) => callback(),
    true,
    () => {},
  );
  expect(outcome).toEqual({ kind: 'accepted', value: undefined });
});

test('what is called back after something was returned is reported as such', async () => {
  const handler: Handler = (callback) => queueMicrotask(callback);
  const reported = await ask(handler, false);
  await Promise.resolve();
  expect(reported).toEqual({
    outcome: { kind: 'accepted', value: undefined },
    reported: [expect.objectContaining({ message: expect.stringContaining('Declare the callback') })],
  });
});

test.each<[string, unknown, unknown]>([
  ['an error', refusal, { outcome: { kind: 'refused', error: refusal }, reported: [] }],
  ['an error without a code', no, { outcome: { kind: 'refused', error: no }, reported: [] }],
  [
    'false',
    false,
    {
      outcome: { kind: 'failed', error: expect.objectContaining({ code: 'ERR_MAILRIG_RETURNED_FALSE' }) },
      reported: [expect.objectContaining({ code: 'ERR_MAILRIG_RETURNED_FALSE' })],
    },
  ],
])('to return %s is not to accept', async (_what, value, expected) => {
  expect(await ask(() => value, false)).toEqual(expected);
  expect(await ask(async () => value, false)).toEqual(expected);
});
