import type { Message, TestSmtp } from '@mailrig/fixture';
import { expectTypeOf, test } from 'vitest';
import { expectMail } from './node.ts';

declare const mail: TestSmtp;
declare const message: Message;

test('the matchers of a subject, and their opposites', () => {
  expectTypeOf(expectMail(message).toHaveEnvelope({ from: null })).toEqualTypeOf<void>();
  expectTypeOf(expectMail(message).not.toHaveBlindRecipient()).toEqualTypeOf<void>();
  expectTypeOf(expectMail(mail).toReceiveMessage({ to: /ann/ })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expectMail(mail).not.toReceiveMessage()).toEqualTypeOf<Promise<void>>();
});

test('wrong use does not compile', () => {
  // @ts-expect-error there is no such field
  expectMail(message).toHaveEnvelope({ sender: 'ann@example.com' });
  // @ts-expect-error there is no such matcher
  expectMail(mail).toReceiveMail();
  // @ts-expect-error once is enough
  void expectMail(mail).not.not;
});
