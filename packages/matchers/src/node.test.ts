// That the texts are those of the runners is shown by the matchers' own tests, which run on all of them.
import { AssertionError } from 'node:assert';
import { startTestSmtp, type Message } from '@mailrig/fixture';
import { expect, test } from 'vitest';
import { ExpectationError } from './expectation-error.ts';
import { expectMail } from './node.ts';
import { newMessage } from './testing/recorded.ts';
import { send } from './testing/sent.ts';

const message = newMessage({ from: 'shop@example.com', to: ['ann@example.com'] });

test('what holds throws nothing', async () => {
  await using mail = await startTestSmtp();
  const sent = await send(mail, { subject: 'Welcome' });

  expectMail(sent).toHaveEnvelope({ to: ['ann@example.com'] });
  expectMail(sent).not.toHaveEnvelope({ to: ['bob@example.com'] });
  await expectMail(mail).toReceiveMessage({ subject: 'Welcome' });
  await expectMail(mail).not.toReceiveMessage({ subject: 'Goodbye' }, { within: 0 });
});

test('what does not hold throws an AssertionError that names the matcher', () => {
  const {
    name,
    message: text,
    operator,
  } = errorOf(() => expectMail(message).toHaveEnvelope({ to: 'bob@example.com' }));

  expect(name).toBe('AssertionError');
  expect(operator).toBe('toHaveEnvelope');
  expect(text).toMatch(
    /^expect\(message\)\.toHaveEnvelope\(expected\)\n\nExpected: \{ to: 'bob@example\.com' \}\nReceived: /,
  );
});

test('with not it is the other way round', () => {
  const { message: text } = errorOf(() => expectMail(message).not.toHaveEnvelope({ to: 'ann@example.com' }));

  expect(text).toMatch(/^expect\(message\)\.not\.toHaveEnvelope\(expected\)\n/);
});

test('what waits rejects, with the place where it was awaited', async () => {
  await using mail = await startTestSmtp();

  const waiting = async (): Promise<void> => {
    await expectMail(mail).toReceiveMessage({}, { within: 0 });
  };
  const error = await waiting().catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(AssertionError);
  expect(error).toBeInstanceOf(AssertionError);
  expect(error).toHaveProperty('operator', 'toReceiveMessage');
  expect(error).toHaveProperty('stack', expect.stringMatching(/at .*waiting .*node\.test\.ts/));
});

test('the stack begins where the assertion stands', () => {
  const { stack } = errorOf(() => expectMail(message).toHaveSubject('no'));

  expect(stack?.split('\n').find((line) => line.startsWith('    at '))).toContain('node.test.ts');
});

test('a subject that does not fit is refused', () => {
  const subject = 'text' as unknown as Message;
  expect(() => expectMail(subject).toHaveSubject('no')).toThrow(ExpectationError);
  expect(() => expectMail(subject).not.toHaveSubject('no')).toThrow(ExpectationError);
});

function errorOf(assertion: () => void): AssertionError {
  try {
    assertion();
  } catch (error) {
    return error as AssertionError;
  }
  throw new Error('The assertion holds.');
}
