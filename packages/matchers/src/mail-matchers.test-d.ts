import type { MessageCondition } from '@mailrig/fixture';
import { expect, expectTypeOf, test } from 'vitest';
import type { AsyncMatcher, MailMatchers, matchers } from './index.ts';

declare const mail: MailMatchers<void>;

test('every matcher has its signature, and nothing else does', () => {
  expectTypeOf<keyof MailMatchers<void>>().toEqualTypeOf<keyof typeof matchers>();
});

test('some wait, whatever the others return', () => {
  expectTypeOf<ReturnType<MailMatchers<symbol>[AsyncMatcher]>>().toEqualTypeOf<Promise<void>>();
  expectTypeOf<
    ReturnType<MailMatchers<symbol>[Exclude<keyof MailMatchers<symbol>, AsyncMatcher>]>
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
  // @ts-expect-error it stands after the condition
  void mail.toReceiveMessage({ within: 500 });
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
  // @ts-expect-error it is called params
  mail.toHaveEnvelope({ parameters: { SIZE: '1024' } });
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
  // @ts-expect-error it is called via
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

test('toHaveRecipient and toHaveBlindRecipient', () => {
  mail.toHaveRecipient('ann@example.com');
  mail.toHaveBlindRecipient(/ann/);
  mail.toHaveBlindRecipient();
  // @ts-expect-error the address is missing
  mail.toHaveRecipient();
  // @ts-expect-error an address is text
  mail.toHaveRecipient(null);
  // @ts-expect-error one address
  mail.toHaveBlindRecipient(['ann@example.com']);
});

test('toHaveAddress', () => {
  mail.toHaveAddress('from', 'ann@example.com', 'Ann');
  mail.toHaveAddress('Reply-To', /ann/, expect.any(String));
  mail.toHaveAddress('RESENT-TO', expect.stringContaining('ann'));
  mail.toHaveAddress('X-Original-To', 'ann@example.com');
  // @ts-expect-error misspelt
  mail.toHaveAddress('form', 'ann@example.com');
  // @ts-expect-error the name of the field, not that of the property
  mail.toHaveAddress('replyTo', 'ann@example.com');
  // @ts-expect-error the address is missing
  mail.toHaveAddress('to');
});

test('toHaveSubject, toHaveText and toHaveHtml', () => {
  mail.toHaveSubject('Welcome');
  mail.toHaveText(/Welcome/);
  mail.toHaveHtml(expect.stringContaining('Welcome'));
  // @ts-expect-error what is expected is missing
  mail.toHaveSubject();
  // @ts-expect-error text
  mail.toHaveText(null);
  // @ts-expect-error text
  mail.toHaveHtml(['Welcome']);
});

test('toHaveHeader', () => {
  mail.toHaveHeader('List-Id');
  mail.toHaveHeader('List-Id', /news/);
  // @ts-expect-error a name is a string
  mail.toHaveHeader(/List/);
  // @ts-expect-error a value is text
  mail.toHaveHeader('X-Priority', 1);
});

test('toHavePart', () => {
  mail.toHavePart({ contentType: 'text/html', charset: /utf-8/i, encoding: 'base64', disposition: 'inline' });
  mail.toHavePart({ filename: 'a.pdf', contentId: 'a@b', text: expect.stringContaining('x') });
  // @ts-expect-error what is expected is missing
  mail.toHavePart();
  // @ts-expect-error there is no such field
  mail.toHavePart({ type: 'text/html' });
  // @ts-expect-error leave out what does not matter
  mail.toHavePart({ filename: undefined });
});

test('toHaveAttachment', () => {
  mail.toHaveAttachment();
  mail.toHaveAttachment(/\.pdf$/);
  mail.toHaveAttachment({
    filename: 'a.pdf',
    contentType: /pdf/,
    contentId: 'a@b',
    inline: true,
    content: Buffer.of(1),
  });
  mail.toHaveAttachment({ content: /^%PDF/ });
  // @ts-expect-error there is no such field
  mail.toHaveAttachment({ name: 'a.pdf' });
  // @ts-expect-error true or false
  mail.toHaveAttachment({ inline: 'yes' });
});

test('toHaveLink', () => {
  mail.toHaveLink();
  mail.toHaveLink('https://example.com/');
  mail.toHaveLink({ url: /^https:/, label: 'Confirm' });
  // @ts-expect-error it is called label
  mail.toHaveLink({ text: 'Confirm' });
  // @ts-expect-error its href
  mail.toHaveLink(new URL('https://example.com/'));
});

test('toHaveSentCommand', () => {
  mail.toHaveSentCommand('rcpt', /^TO:/);
  mail.toHaveSentCommand(/^(EHLO|HELO)$/);
  // @ts-expect-error the verb is missing
  mail.toHaveSentCommand();
});

test('toHaveTranscript', () => {
  mail.toHaveTranscript(['C: QUIT', /^S: 221/, expect.stringContaining('closed')]);
  // @ts-expect-error lines are an array
  mail.toHaveTranscript('C: QUIT');
});

test('toHaveClosedBy', () => {
  mail.toHaveClosedBy('quit');
  mail.toHaveClosedBy(/client|reset/);
  // @ts-expect-error misspelt
  mail.toHaveClosedBy('QUIT');
});

test('toHaveNoViolations', () => {
  mail.toHaveNoViolations();
  mail.toHaveNoViolations({ except: ['no-quit'], severity: 'must' });
  // @ts-expect-error misspelt
  mail.toHaveNoViolations({ except: ['no-qiut'] });
});

test('toHaveOneClickUnsubscribe', () => {
  mail.toHaveOneClickUnsubscribe();
  mail.toHaveOneClickUnsubscribe(/^https:/);
});

test('toHaveValidDkim', () => {
  void mail.toHaveValidDkim({ domain: /example/, selector: 's', publicKey: 'v=DKIM1; p=' });
  void mail.toHaveValidDkim({ publicKey: { 's._domainkey.example.com': 'v=DKIM1; p=' } });
  // @ts-expect-error the key is missing: no DNS server is asked
  void mail.toHaveValidDkim({ domain: 'example.com' });
});
