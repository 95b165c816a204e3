// Assertions on all kinds of runner: vitest's `expect`, the `expect` package, which is jest's, and `expectMail` without one.
import { stripVTControlCharacters } from 'node:util';
import { expect as jestExpect } from 'expect';
import { expect } from 'vitest';
import { matchers, type MailMatchers } from '../index.ts';
import { expectMail } from '../node.ts';

/** What all have of the matchers. */
export type Expect = (subject: unknown) => MailMatchers<void> & { readonly not: MailMatchers<void> };

export type MailAssertion = (expect: Expect) => void | Promise<void>;

expect.extend(matchers);
jestExpect.extend(matchers);

const RUNNERS = [expect, jestExpect, expectMail] as unknown as readonly Expect[];

/** Fails if the assertion does, on one of them. */
export async function holds(assertion: MailAssertion): Promise<void> {
  for (const runner of RUNNERS) await assertion(runner);
}

/** What the assertion throws, the same on all, without its colours. Throws itself if the assertion holds. */
export async function errorOf(assertion: MailAssertion): Promise<Error> {
  const [error, ...others] = await Promise.all(RUNNERS.map((runner) => thrownBy(assertion, runner)));
  for (const other of others) expect(other.message).toBe(error!.message);
  return error!;
}

/** The text of {@link errorOf}. */
export async function failureOf(assertion: MailAssertion): Promise<string> {
  return (await errorOf(assertion)).message;
}

/** The error of what can't be asserted of a subject, and is refused with `.not` too. */
export async function refusalOf(
  subject: unknown,
  assertion: (claims: MailMatchers<void>) => void | Promise<void>,
): Promise<Error> {
  const error = await errorOf((expect) => assertion(expect(subject)));
  const opposite = await errorOf((expect) => assertion(expect(subject).not));
  expect(opposite).toMatchObject({ name: error.name, message: error.message });
  return error;
}

async function thrownBy(assertion: MailAssertion, runner: Expect): Promise<Error> {
  try {
    await assertion(runner);
  } catch (error) {
    return Object.assign(error as Error, { message: stripVTControlCharacters((error as Error).message) });
  }
  throw new Error('The assertion holds.');
}
