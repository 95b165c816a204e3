import { expect, test } from 'vitest';
import { asError } from './as-error.ts';

const error = new TypeError('broken');

test.each<[string, unknown, Error]>([
  ['an error is itself', error, error],
  ['a text is its message', 'broken', new Error('broken')],
  ['nothing', undefined, new Error('undefined')],
  ['what has no text', Object.create(null), new Error('something that is no error, and has no text, was thrown')],
])('%s', (_what, thrown, expected) => {
  expect(asError(thrown)).toStrictEqual(expected);
});
