// Asymmetric matchers, as vitest and as jest ask them.
import { expect as jestExpect } from 'expect';
import { describe, expect, test } from 'vitest';
import * as all from './all.ts';
import { matchers } from './index.ts';
import { newMessage } from './testing/recorded.ts';
import { failureOf } from './testing/runners.ts';

const welcome = newMessage({}, {}, { subject: 'Welcome' });

const NO_REFUSAL = expect.not.objectContaining({ code: 'ERR_MAILRIG_EXPECTATION' }) as Error;

interface AsymmetricExpect {
  (received: unknown): { toEqual(expected: unknown): void; toMatchObject(expected: object): void };
  toHaveSubject(pattern: string): unknown;
  toHaveUsedAllFaults(): unknown;
  arrayContaining(items: readonly unknown[]): unknown;
  readonly not: Pick<AsymmetricExpect, 'toHaveSubject'>;
}

test('there is an extension by the name of every matcher', () => {
  expect(Object.keys(matchers)).toEqual(Object.keys(all));
});

describe.each([
  ['vitest', expect as unknown as AsymmetricExpect],
  ['jest', jestExpect as unknown as AsymmetricExpect],
])('%s', (_, expectOf) => {
  // It threw an ExpectationError, which hid the difference.
  test('shows the difference where an item is missing', () => {
    const expected = [expectOf.toHaveSubject('Welcome'), expectOf.toHaveSubject('Goodbye')];
    expect(() => expectOf([welcome]).toEqual(expected)).toThrow(NO_REFUSAL);
  });

  test('looks for it among other things', () => {
    expectOf([undefined, 1, 'mail', [welcome], welcome]).toEqual(
      expectOf.arrayContaining([expectOf.toHaveSubject('Welcome')]),
    );
    expectOf({ message: welcome }).toMatchObject({ message: expectOf.not.toHaveSubject('Goodbye') });
  });

  test.each([undefined, null, 1, {}, [welcome], Promise.resolve(welcome)])('agrees in no way with %o', (stranger) => {
    for (const matcher of [expectOf.toHaveSubject('Welcome'), expectOf.not.toHaveSubject('Welcome')]) {
      expect(() => expectOf(stranger).toEqual(matcher)).toThrow(NO_REFUSAL);
    }
  });

  test('does not agree with a thing that another matcher fits', () => {
    expect(() => expectOf(welcome).toEqual(expectOf.toHaveUsedAllFaults())).toThrow(NO_REFUSAL);
  });

  test('is refused what can not be meant', () => {
    const misspelt = (expectOf as unknown as typeof expect).toHaveEnvelope({ sender: 'ann@example.com' } as object);
    expect(() => expectOf(welcome).toEqual(misspelt)).toThrow("toHaveEnvelope: 'sender' is no field of it");
  });
});

test('an assertion still refuses what it does not fit', async () => {
  expect(await failureOf((expectOf) => expectOf('mail').toHaveSubject('Welcome'))).toMatch(
    /^toHaveSubject: expect\(\) must be/,
  );
});
