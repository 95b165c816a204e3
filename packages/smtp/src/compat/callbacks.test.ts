import { expect, test } from 'vitest';
import { outcomeOf, whenKnown, type Outcome } from './callbacks.ts';
import type { SMTPServerCallback } from './types.ts';

type Handler = (callback: SMTPServerCallback<string>) => unknown;

const no = new Error('No');

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
  ['a promise that rejects', () => Promise.reject(no), { kind: 'refused', error: no }],
])('a handler without a callback returns %s', async (_what, handler, outcome) => {
  expect(await ask(handler, false)).toEqual({ outcome, reported: [] });
});

test('a handler without a callback throws: it refuses', async () => {
  const handler = (): never => {
    throw no;
  };
  expect(await ask(handler, false)).toEqual({ outcome: { kind: 'refused', error: no }, reported: [] });
});

test.each<[string, Handler]>([
  [
    'throws',
    () => {
      throw no;
    },
  ],
  ['rejects', () => Promise.reject(no)],
])('a handler with a callback %s: it has failed', async (_how, handler) => {
  expect(await ask(handler)).toEqual({ outcome: { kind: 'failed', error: no }, reported: [no] });
});

test('the first answer counts', async () => {
  const handler: Handler = (callback) => {
    callback(null, 'first');
    callback(null, 'second');
    callback(no);
  };
  expect(await ask(handler)).toEqual({ outcome: { kind: 'accepted', value: 'first' }, reported: [] });
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
  expect(whenKnown(outcome, () => 'next')).toBe('next');
});
