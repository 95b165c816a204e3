// The matchers as they are written on `expect(…)`; the packages of the runners add them to its type.
import type { AsymmetricMatcher, ClosedBy, LinkFilter, MessageCondition, Outcome, Pattern } from '@mailrig/fixture';
import type { AddressField } from './to-have-address.ts';
import type { AttachmentExpectation } from './to-have-attachment.ts';
import type { AuthAttemptExpectation } from './to-have-auth-attempt.ts';
import type { EnvelopeExpectation } from './to-have-envelope.ts';
import type { TlsExpectation } from './to-have-negotiated-tls.ts';
import type { ViolationOptions } from './to-have-no-violations.ts';
import type { PartExpectation } from './to-have-part.ts';
import type { ReplyExpectation } from './to-have-recipient-outcome.ts';
import type { DkimExpectation } from './to-have-valid-dkim.ts';
import type { ReceiveOptions } from './to-receive-message.ts';

/** The matchers that have to be awaited. */
export type AsyncMatcher = 'toHaveValidDkim' | 'toReceiveMessage';

/**
 * The matchers for mail. A string must match whole, a RegExp anywhere, an asymmetric matcher as it likes.
 *
 * They take a message, a transaction, a session, a server or an inbox; {@link MailMatchers.toReceiveMessage} and
 * {@link MailMatchers.toHaveUsedAllFaults} a server or an inbox. Where there are several things to look at, one must match; with `.not` none
 * may. An inbox has the messages that were delivered to its address, and the transactions and sessions that named it in RCPT.
 *
 * What has nothing to look at fails both ways: a server that no client has connected to, an inbox that none has named, whatever has no
 * message where a message is compared. So does what may have been in something that is not kept.
 *
 * All throw ExpectationError (`ERR_MAILRIG_EXPECTATION`) for another subject or a field that there is not, with `.not`
 * too.
 *
 * @typeParam R What a matcher returns on the runner's `expect`.
 */
export interface MailMatchers<R> {
  /**
   * Waits until the server, or the inbox, has such a message, or any. It takes none away from `waitForMessage`, and counts those that an
   * earlier wait was given.
   *
   * With `.not` it waits until no session is open, or as long as `within` says, and fails if there is one. Without `within`
   * it fails too where no client has connected yet, or named the inbox in RCPT: then nothing can be said.
   *
   * @example
   * ```ts
   * await expect(mail).toReceiveMessage({ to: 'ann@example.com', subject: /^Welcome/ }, { within: 2000 });
   * await expect(mail).not.toReceiveMessage({ to: 'bob@example.com' });
   * ```
   */
  toReceiveMessage(condition?: MessageCondition, options?: ReceiveOptions): Promise<void>;

  /**
   * Compares what MAIL and the accepted RCPT commands said, whether or not a message came of it (RFC 5321 §2.3.1).
   *
   * @example
   * ```ts
   * expect(message).toHaveEnvelope({ from: 'shop@example.com', to: ['ann@example.com'], params: { BODY: '8BITMIME' } });
   * expect(mail).not.toHaveEnvelope({ to: /@competitor\.example$/ });
   * ```
   */
  toHaveEnvelope(expected: EnvelopeExpectation): R;

  /**
   * The address was accepted in RCPT, whatever became of the message. Where there was no RCPT command at all it fails both ways.
   *
   * @example
   * ```ts
   * expect(mail).toHaveRecipient('ann@example.com');
   * expect(message).not.toHaveRecipient(/@competitor\.example$/);
   * ```
   */
  toHaveRecipient(address: Pattern): R;

  /**
   * The message went to the address, or to any, without saying so: it is in RCPT, and in no To, Cc, Bcc, Resent-To, Resent-Cc or
   * Resent-Bcc field (RFC 5322 §3.6.3, §3.6.6). It fails where a Bcc field has been left in the message, for that shows the
   * address to the others.
   *
   * With `.not` the address is named in such a field, or was not sent the message at all.
   *
   * @example
   * ```ts
   * expect(message).toHaveBlindRecipient('archive@example.com');
   * expect(message).not.toHaveBlindRecipient('ann@example.com');
   * ```
   */
  toHaveBlindRecipient(address?: Pattern): R;

  /**
   * A header field of addresses has this one, and with it this display name, decoded (RFC 5322 §3.4, RFC 2047). The members of a
   * group are addresses like others; the name of an address without one is `''`.
   *
   * @example
   * ```ts
   * expect(message).toHaveAddress('from', 'shop@example.com', 'The Shop');
   * expect(message).not.toHaveAddress('Reply-To', /no-?reply/);
   * ```
   */
  toHaveAddress(field: AddressField, address: Pattern, name?: Pattern): R;

  /**
   * Compares the Subject field, decoded.
   *
   * @example
   * ```ts
   * expect(message).toHaveSubject('Welcome, Ann');
   * ```
   */
  toHaveSubject(pattern: Pattern): R;

  /**
   * There is a header field of this name (any case), and one of them has this value, unfolded and decoded.
   *
   * @example
   * ```ts
   * expect(message).toHaveHeader('List-Id', '<news.example.com>');
   * expect(message).not.toHaveHeader('X-Mailer');
   * ```
   */
  toHaveHeader(name: string, value?: Pattern): R;

  /**
   * Compares the plain-text body, decoded, with LF at the ends of its lines and without the last of them.
   *
   * @example
   * ```ts
   * expect(message).toHaveText(/^Hello Ann,$/m);
   * ```
   */
  toHaveText(pattern: Pattern): R;

  /**
   * Compares the HTML body, its markup included, likewise.
   *
   * @example
   * ```ts
   * expect(message).toHaveHtml(/<h1>Welcome/);
   * expect(message).not.toHaveHtml(/undefined|\[object Object\]|\{\{/);
   * ```
   */
  toHaveHtml(pattern: Pattern): R;

  /**
   * Compares a body part (RFC 2045 §2.5), of any depth, a multipart too.
   *
   * @example
   * ```ts
   * expect(message).toHavePart({ contentType: 'multipart/alternative' });
   * expect(message).toHavePart({ contentType: 'text/plain', charset: 'utf-8', text: /Hello Ann/ });
   * ```
   */
  toHavePart(expected: PartExpectation): R;

  /**
   * There is an attachment, or one like that; a pattern is that of its filename, as in `message.attachment()`.
   *
   * @example
   * ```ts
   * expect(message).toHaveAttachment('invoice.pdf');
   * expect(message).toHaveAttachment({ contentType: 'application/pdf', content: /^%PDF-/, inline: false });
   * ```
   */
  toHaveAttachment(expected?: Pattern | AttachmentExpectation): R;

  /**
   * There is a web link in the text or the HTML body, or one like that; a pattern is that of its address, as in `message.link()`.
   *
   * @example
   * ```ts
   * expect(message).toHaveLink({ label: 'Confirm', url: /^https:\/\/shop\.example\/confirm\?/ });
   * expect(message).not.toHaveLink(/^http:/);
   * ```
   */
  toHaveLink(expected?: LinkFilter): R;

  /**
   * Compares an AUTH command and its end (RFC 4954). Of a message or a transaction: any of its session.
   *
   * @example
   * ```ts
   * expect(mail).toHaveAuthAttempt({ mechanism: 'PLAIN', username: 'shop', secure: true, accepted: true });
   * expect(mail).not.toHaveAuthAttempt({ secure: false });
   * ```
   */
  toHaveAuthAttempt(expected?: AuthAttemptExpectation): R;

  /**
   * Compares what was negotiated; in clear text nothing was.
   *
   * @example
   * ```ts
   * expect(message).toHaveNegotiatedTls({ via: 'starttls', advertised: false, version: 'TLSv1.3' });
   * ```
   */
  toHaveNegotiatedTls(expected?: TlsExpectation): R;

  /**
   * Tells what became of a recipient, in RFC 3464's words or by the reply that decided: the one to RCPT if it refused,
   * else the one to the data, in LMTP the recipient's own. Without any RCPT command for the address it fails both ways, and where its
   * outcome is not there yet it is not denied.
   *
   * @example
   * ```ts
   * expect(message).toHaveRecipientOutcome('ann@example.com', 'delivered');
   * expect(mail).toHaveRecipientOutcome('bob@example.com', '550 5.1.1');
   * ```
   */
  toHaveRecipientOutcome(address: Pattern, outcome: Outcome | ReplyExpectation): R;

  /**
   * The client has sent this command: a verb in any case, and what follows it as it was sent. What was exchanged for AUTH is
   * `********`. Of a message or a transaction: in its session.
   *
   * @example
   * ```ts
   * expect(message).toHaveSentCommand('MAIL', /\bSIZE=\d+/);
   * expect(mail).not.toHaveSentCommand('VRFY');
   * ```
   */
  toHaveSentCommand(verb: Pattern, args?: Pattern): R;

  /**
   * In one session these lines were exchanged in this order, whatever else stands between them. They are those of
   * `session.transcript.lines`: `C: …` from the client, `S: …` from the server, `* …` what happened. To compare all of
   * them take `expect(session.transcript.lines).toEqual([…])`.
   *
   * @example
   * ```ts
   * expect(mail).toHaveTranscript(['C: STARTTLS', /^\* TLS established/, /^C: AUTH/, /^S: 235/]);
   * ```
   */
  toHaveTranscript(lines: readonly Pattern[]): R;

  /**
   * Tells how a session ended: after QUIT, by the client without it, by the server, by a reset of the connection (RST) or by a
   * time limit. With `.not` it fails where a session is still open.
   *
   * @example
   * ```ts
   * await mail.idle();
   * expect(mail).toHaveClosedBy('quit');
   * ```
   */
  toHaveClosedBy(closedBy: ClosedBy | RegExp | AsymmetricMatcher): R;

  /**
   * No session has a violation: the client did nothing against an RFC, so far as it is open. Of a message or a transaction: in its
   * session.
   *
   * @example
   * ```ts
   * await mail.idle();
   * expect(mail).toHaveNoViolations();
   * expect(mail).toHaveNoViolations({ severity: 'must', except: ['no-quit'] });
   * ```
   */
  toHaveNoViolations(options?: ViolationOptions): R;

  /**
   * Its reader can unsubscribe with one click (RFC 8058): one https URI in List-Unsubscribe, `List-Unsubscribe=One-Click` in
   * List-Unsubscribe-Post, and if it has DKIM signatures, one that covers both fields. Whether it is valid is asked by
   * {@link MailMatchers.toHaveValidDkim}.
   *
   * @example
   * ```ts
   * expect(message).toHaveOneClickUnsubscribe(/^https:\/\/shop\.example\/unsubscribe\//);
   * ```
   */
  toHaveOneClickUnsubscribe(url?: Pattern): R;

  /**
   * It has a DKIM signature that is valid now (RFC 6376, RFC 8301, RFC 8463), with the key that is given: no DNS server is asked. It is
   * verified by mailauth, a package that you install, and must be awaited. What stands behind the octets that `l=` counts is not signed, and
   * the signature is valid all the same.
   *
   * With `.not` none is, or is of that domain and selector; a signature whose key is not given fails it.
   *
   * @example
   * ```ts
   * await expect(message).toHaveValidDkim({ domain: 'shop.example', selector: 'mail', publicKey });
   * ```
   */
  toHaveValidDkim(expected: DkimExpectation): Promise<void>;

  /**
   * Every fault of the server, or of the inbox, has applied as often as its `times` says, or at all: a script that was not played to its end
   * tells that the application went another way. Without any fault it fails both ways.
   *
   * @example
   * ```ts
   * expect(mail).toHaveUsedAllFaults();
   * ```
   */
  toHaveUsedAllFaults(): R;
}
