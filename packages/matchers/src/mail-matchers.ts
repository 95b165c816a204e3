// The matchers as they are written on `expect(…)`; the packages of the runners add them to its type.
import type { MessageCondition, Outcome, Pattern } from '@mailrig/fixture';
import type { AuthAttemptExpectation } from './to-have-auth-attempt.ts';
import type { EnvelopeExpectation } from './to-have-envelope.ts';
import type { TlsExpectation } from './to-have-negotiated-tls.ts';
import type { ReplyExpectation } from './to-have-recipient-outcome.ts';
import type { ReceiveOptions } from './to-receive-message.ts';

/**
 * The matchers for mail. A string must match whole, a RegExp anywhere, an asymmetric matcher as it likes.
 *
 * All but {@link MailMatchers.toReceiveMessage} and {@link MailMatchers.toHaveUsedAllFaults}, which take a server, take a message, a transaction, a session or a server. On a session or a
 * server one of the things in it must match; with `.not` none may. A server that no client has connected to fails both
 * ways, for there is nothing to look at.
 *
 * All throw ExpectationError (`ERR_MAILRIG_EXPECTATION`) for another subject or a field that there is not, with `.not`
 * too.
 *
 * @typeParam R What a matcher returns on the runner's `expect`.
 */
export interface MailMatchers<R> {
  /**
   * Waits until the server has such a message, or any. It takes none away from `waitForMessage`, and counts those that an
   * earlier wait was given.
   *
   * With `.not` it waits until no session is open, or as long as `within` says, and fails if there is one. Without `within`
   * it fails too where no client has connected yet: then nothing can be said.
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
   * Compares an AUTH command and its end (RFC 4954). On a message or a transaction: any of its session.
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
   * else the one to the data, in LMTP the recipient's own. Without any RCPT command for the address it fails both ways.
   *
   * @example
   * ```ts
   * expect(message).toHaveRecipientOutcome('ann@example.com', 'delivered');
   * expect(mail).toHaveRecipientOutcome('bob@example.com', '550 5.1.1');
   * ```
   */
  toHaveRecipientOutcome(address: Pattern, outcome: Outcome | ReplyExpectation): R;

  /**
   * Every fault of the server has applied as often as its `times` says, or at all: a script that was not played to its end tells that
   * the application went another way. A server without faults fails both ways.
   *
   * @example
   * ```ts
   * expect(mail).toHaveUsedAllFaults();
   * ```
   */
  toHaveUsedAllFaults(): R;
}
