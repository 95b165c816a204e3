import type { Inbox, Message, RecordedSession, TestSmtp } from '@mailrig/fixture';
import { expectTypeOf, test } from 'vitest';
import { expectMail } from './node.ts';

declare const mail: TestSmtp;
declare const message: Message;
declare const inbox: Inbox;
declare const sessions: readonly RecordedSession[];

test('the matchers of a subject, and their opposites', () => {
  expectTypeOf(expectMail(message).toHaveEnvelope({ from: null })).toEqualTypeOf<void>();
  expectTypeOf(expectMail(message).not.toHaveBlindRecipient()).toEqualTypeOf<void>();
  expectTypeOf(expectMail(mail).toReceiveMessage({ to: /ann/ })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(expectMail(mail).not.toReceiveMessage()).toEqualTypeOf<Promise<void>>();
});

test('whatever is recorded is a subject, and an item that may not be there', () => {
  void expectMail(inbox).toReceiveMessage();
  expectMail(inbox).toHaveUsedAllFaults();
  expectMail(message.transaction).toHaveRecipient('ann@example.com');
  expectMail(sessions[0]).toHaveClosedBy('quit');
});

test('wrong use does not compile', () => {
  // @ts-expect-error it is a text
  expectMail('text').toHaveSubject('Welcome');
  // @ts-expect-error take one of its items
  expectMail(sessions).toHaveClosedBy('quit');
  // @ts-expect-error await it first
  expectMail(inbox.waitForMessage()).toHaveSubject('Welcome');
  // @ts-expect-error there is no such field
  expectMail(message).toHaveEnvelope({ sender: 'ann@example.com' });
  // @ts-expect-error there is no such matcher
  expectMail(mail).toReceiveMail();
  // @ts-expect-error once is enough
  void expectMail(mail).not.not;
});
