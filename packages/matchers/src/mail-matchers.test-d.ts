import type { MessageCondition } from '@mailrig/fixture';
import { expect, expectTypeOf, test } from 'vitest';
import type { MailMatchers, matchers } from './index.ts';

declare const mail: MailMatchers<void>;

test('every matcher has its signature, and nothing else does', () => {
  expectTypeOf<keyof MailMatchers<void>>().toEqualTypeOf<keyof typeof matchers>();
});

test('only toReceiveMessage waits, whatever the others return', () => {
  expectTypeOf<ReturnType<MailMatchers<symbol>['toReceiveMessage']>>().toEqualTypeOf<Promise<void>>();
  expectTypeOf<
    ReturnType<MailMatchers<symbol>[Exclude<keyof MailMatchers<symbol>, 'toReceiveMessage'>]>
  >().toEqualTypeOf<symbol>();
});

test('toReceiveMessage', () => {
  expectTypeOf<MailMatchers<void>['toReceiveMessage']>().parameter(0).toEqualTypeOf<MessageCondition | undefined>();
  void mail.toReceiveMessage();
  void mail.toReceiveMessage({ to: /@example/, subject: expect.stringContaining('x') }, { within: 500 });
  void mail.toReceiveMessage((message) => message.attachments.length > 0);
  // @ts-expect-error there is no such field
  void mail.toReceiveMessage({ recipient: 'ann@example.com' });
  // @ts-expect-error a subject is text
  void mail.toReceiveMessage({ subject: 1 });
  // @ts-expect-error it is called within
  void mail.toReceiveMessage({}, { timeout: 500 });
});

test('toHaveEnvelope', () => {
  mail.toHaveEnvelope({ from: null, to: ['ann@example.com', /bob/], params: { SMTPUTF8: true, SIZE: /\d+/ } });
  mail.toHaveEnvelope({ from: /ann/, to: expect.stringContaining('bob') });
  // @ts-expect-error what is expected is missing
  mail.toHaveEnvelope();
  // @ts-expect-error there is no such field
  mail.toHaveEnvelope({ sender: 'ann@example.com' });
  // @ts-expect-error a recipient is an address
  mail.toHaveEnvelope({ to: null });
  // @ts-expect-error leave out what does not matter
  mail.toHaveEnvelope({ from: undefined });
  // @ts-expect-error values of parameters are text
  mail.toHaveEnvelope({ params: { SIZE: 1024 } });
});

test('toHaveAuthAttempt', () => {
  expectTypeOf(mail.toHaveAuthAttempt()).toBeVoid();
  mail.toHaveAuthAttempt({ mechanism: 'PLAIN', username: /ann/, secret: 'x', secure: true, accepted: false });
  // @ts-expect-error there is no such field
  mail.toHaveAuthAttempt({ user: 'ann' });
  // @ts-expect-error true or false
  mail.toHaveAuthAttempt({ secure: 'yes' });
});

test('toHaveNegotiatedTls', () => {
  expectTypeOf(mail.toHaveNegotiatedTls()).toBeVoid();
  mail.toHaveNegotiatedTls({ via: 'implicit', advertised: false, version: /1\.3/, servername: null });
  // @ts-expect-error there is no such field
  mail.toHaveNegotiatedTls({ mode: 'implicit' });
  // @ts-expect-error there is no such way
  mail.toHaveNegotiatedTls({ via: 'tls' });
});

test('toHaveRecipientOutcome', () => {
  mail.toHaveRecipientOutcome('ann@example.com', 'delivered');
  mail.toHaveRecipientOutcome(/ann/, 550);
  mail.toHaveRecipientOutcome(/ann/, '550');
  mail.toHaveRecipientOutcome(/ann/, '550 5.1.1 No such user');
  mail.toHaveRecipientOutcome(/ann/, /No such user/);
  mail.toHaveRecipientOutcome(/ann/, expect.stringContaining('5.1.1'));
  // @ts-expect-error misspelt
  mail.toHaveRecipientOutcome('ann@example.com', 'deliverd');
  // @ts-expect-error a reply begins with its code
  mail.toHaveRecipientOutcome('ann@example.com', 'No such user');
  // @ts-expect-error what is expected is missing
  mail.toHaveRecipientOutcome('ann@example.com');
  // @ts-expect-error an address is text
  mail.toHaveRecipientOutcome(null, 'failed');
});
