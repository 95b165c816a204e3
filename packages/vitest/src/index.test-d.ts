import { expect, expectTypeOf, test } from 'vitest';
import type { EnvelopeExpectation, Message, Pattern, TestSmtp } from './index.ts';

declare const mail: TestSmtp;
declare const message: Message;

test('the matchers are on `expect`', async () => {
  expectTypeOf(expect(mail).toReceiveMessage({ to: /ann/ }, { within: 500 })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(mail).not.toReceiveMessage()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(message).toHaveEnvelope({ from: null })).toEqualTypeOf<void>();
  expect(message).not.toHaveAuthAttempt({ secure: false });
  expect.soft(message).toHaveNegotiatedTls();
  await expect.poll(() => mail).toHaveRecipientOutcome('ann@example.com', 'failed');
  await expect(Promise.resolve(message)).resolves.toHaveEnvelope({ to: /ann/ });
});

test('and as asymmetric matchers, but for the one that waits', () => {
  expect(mail.messages).toEqual([expect.toHaveEnvelope({ to: /ann/ })]);
  expect(mail.messages).toEqual([expect.not.toHaveEnvelope({ to: /ann/ })]);
  // @ts-expect-error an asymmetric matcher can not wait
  expect(mail).toEqual(expect.toReceiveMessage());
});

test('wrong use does not compile', () => {
  // @ts-expect-error there is no such field
  expect(message).toHaveEnvelope({ sender: 'ann@example.com' });
  // @ts-expect-error there is no such field
  expect(message).not.toHaveAuthAttempt({ user: 'ann' });
  // @ts-expect-error misspelt
  expect(mail).toHaveRecipientOutcome('ann@example.com', 'deliverd');
  // @ts-expect-error there is no such matcher
  expect(mail).toReceiveMail();
});

test('the types of the expectations come with the package', () => {
  expectTypeOf<EnvelopeExpectation['from']>().toEqualTypeOf<Pattern | null | undefined>();
});
