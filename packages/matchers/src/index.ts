import { toHaveAuthAttempt } from './to-have-auth-attempt.ts';
import { toHaveEnvelope } from './to-have-envelope.ts';
import { toHaveNegotiatedTls } from './to-have-negotiated-tls.ts';
import { toHaveRecipientOutcome } from './to-have-recipient-outcome.ts';
import { toHaveUsedAllFaults } from './to-have-used-all-faults.ts';
import { toReceiveMessage } from './to-receive-message.ts';

export {
  toHaveAuthAttempt,
  toHaveEnvelope,
  toHaveNegotiatedTls,
  toHaveRecipientOutcome,
  toHaveUsedAllFaults,
  toReceiveMessage,
};
export { ExpectationError } from './expectation-error.ts';
export type * from './mail-matchers.ts';
export type * from './matcher.ts';
export type { AuthAttemptExpectation } from './to-have-auth-attempt.ts';
export type { EnvelopeExpectation } from './to-have-envelope.ts';
export type { TlsExpectation } from './to-have-negotiated-tls.ts';
export type { ReplyExpectation } from './to-have-recipient-outcome.ts';
export type { ReceiveOptions } from './to-receive-message.ts';

/** All of them, for `expect.extend(matchers)`. */
export const matchers: {
  readonly toHaveAuthAttempt: typeof toHaveAuthAttempt;
  readonly toHaveEnvelope: typeof toHaveEnvelope;
  readonly toHaveNegotiatedTls: typeof toHaveNegotiatedTls;
  readonly toHaveRecipientOutcome: typeof toHaveRecipientOutcome;
  readonly toHaveUsedAllFaults: typeof toHaveUsedAllFaults;
  readonly toReceiveMessage: typeof toReceiveMessage;
} = {
  toHaveAuthAttempt,
  toHaveEnvelope,
  toHaveNegotiatedTls,
  toHaveRecipientOutcome,
  toHaveUsedAllFaults,
  toReceiveMessage,
};
