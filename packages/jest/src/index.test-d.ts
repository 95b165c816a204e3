import { expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { useTestSmtp } from './index.ts';
import * as serializer from './serializer.ts';
import type { AsymmetricMatcher, EnvelopeExpectation, Message, Pattern, TestSmtp } from './index.ts';

declare const mail: TestSmtp;
declare const message: Message;

test('the matchers are on `expect`', async () => {
  expectTypeOf(expect(mail).toReceiveMessage({ to: /ann/ }, { within: 500 })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(mail).not.toReceiveMessage()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expect(message).toHaveEnvelope({ from: null })).toEqualTypeOf<void>();
  expect(message).not.toHaveAuthAttempt({ secure: false });
  expectTypeOf(expect(message).toHaveAddress('from', /shop/, 'The Shop')).toEqualTypeOf<void>();
  expect(message).not.toHaveBlindRecipient();
  await expect(Promise.resolve(message)).resolves.toHaveNegotiatedTls();
  expect(mail).toHaveRecipientOutcome('ann@example.com', 'failed');
});

test('and as asymmetric matchers, but for the one that waits', () => {
  expect(mail.messages).toEqual([expect.toHaveEnvelope({ to: /ann/ })]);
  expect(mail.messages).toEqual([expect.not.toHaveEnvelope({ to: /ann/ })]);
  expect(mail.messages).toContainEqual(expect.toHaveSubject(/Welcome/));
  // @ts-expect-error an asymmetric matcher can not wait
  expect(mail).toEqual(expect.toReceiveMessage());
  // @ts-expect-error an asymmetric matcher can not wait
  expect(mail).toEqual(expect.toHaveValidDkim({ publicKey: '' }));
  expect(mail.sessions).toEqual([expect.toHaveClosedBy('quit')]);
});

test('the global `expect` has them in all the places of `@types/jest`', () => {
  expectTypeOf<jest.Matchers<void>['toHaveEnvelope']>().returns.toEqualTypeOf<void>();
  expectTypeOf<jest.Matchers<void>['toReceiveMessage']>().returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf<jest.Expect['toHaveEnvelope']>().returns.toEqualTypeOf<AsymmetricMatcher>();
  expectTypeOf<jest.InverseAsymmetricMatchers['toHaveEnvelope']>().returns.toEqualTypeOf<AsymmetricMatcher>();
  expectTypeOf<jest.Expect>().not.toHaveProperty('toReceiveMessage');
  expectTypeOf<jest.InverseAsymmetricMatchers>().not.toHaveProperty('toHaveValidDkim');
});

test('the matchers for sessions, and for what is signed', async () => {
  expectTypeOf(expect(mail).toHaveSentCommand('RCPT', /^TO:/)).toEqualTypeOf<void>();
  expectTypeOf(expect(mail).toHaveTranscript(['C: QUIT', /^S: 221/])).toEqualTypeOf<void>();
  expectTypeOf(expect(mail).toHaveClosedBy('quit')).toEqualTypeOf<void>();
  expectTypeOf(expect(mail).toHaveNoViolations({ except: ['no-quit'] })).toEqualTypeOf<void>();
  expectTypeOf(expect(message).toHaveOneClickUnsubscribe()).toEqualTypeOf<void>();
  expectTypeOf(expect(message).toHaveValidDkim({ publicKey: '' })).toEqualTypeOf<Promise<void>>();
});

test('wrong use does not compile', () => {
  // @ts-expect-error there is no such field
  expect(message).toHaveEnvelope({ sender: 'ann@example.com' });
  // @ts-expect-error there is no such field
  expect(message).not.toHaveAuthAttempt({ user: 'ann' });
  // @ts-expect-error misspelt
  expect(message).toHaveAddress('form', 'ann@example.com');
  // @ts-expect-error misspelt
  expect(mail).toHaveRecipientOutcome('ann@example.com', 'deliverd');
  // @ts-expect-error there is no such matcher
  expect(mail).toReceiveMail();
});

test('the types of the expectations come with the package', () => {
  expectTypeOf<EnvelopeExpectation['from']>().toEqualTypeOf<Pattern | null | undefined>();
});

test('a server for the tests of a file', () => {
  expectTypeOf(useTestSmtp({ protocol: 'lmtp' })).toEqualTypeOf<TestSmtp>();
  // @ts-expect-error misspelt
  useTestSmtp({ protocol: 'smpt' });
  expect.addSnapshotSerializer(serializer);
});
