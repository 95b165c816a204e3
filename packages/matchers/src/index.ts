import { toHaveAddress } from './to-have-address.ts';
import { toHaveAttachment } from './to-have-attachment.ts';
import { toHaveAuthAttempt } from './to-have-auth-attempt.ts';
import { toHaveBlindRecipient } from './to-have-blind-recipient.ts';
import { toHaveClosedBy } from './to-have-closed-by.ts';
import { toHaveEnvelope } from './to-have-envelope.ts';
import { toHaveHeader } from './to-have-header.ts';
import { toHaveHtml } from './to-have-html.ts';
import { toHaveLink } from './to-have-link.ts';
import { toHaveNegotiatedTls } from './to-have-negotiated-tls.ts';
import { toHaveNoViolations } from './to-have-no-violations.ts';
import { toHaveOneClickUnsubscribe } from './to-have-one-click-unsubscribe.ts';
import { toHavePart } from './to-have-part.ts';
import { toHaveRecipient } from './to-have-recipient.ts';
import { toHaveRecipientOutcome } from './to-have-recipient-outcome.ts';
import { toHaveSentCommand } from './to-have-sent-command.ts';
import { toHaveSubject } from './to-have-subject.ts';
import { toHaveText } from './to-have-text.ts';
import { toHaveTranscript } from './to-have-transcript.ts';
import { toHaveUsedAllFaults } from './to-have-used-all-faults.ts';
import { toHaveValidDkim } from './to-have-valid-dkim.ts';
import { toReceiveMessage } from './to-receive-message.ts';

export {
  toHaveAddress,
  toHaveAttachment,
  toHaveAuthAttempt,
  toHaveBlindRecipient,
  toHaveClosedBy,
  toHaveEnvelope,
  toHaveHeader,
  toHaveHtml,
  toHaveLink,
  toHaveNegotiatedTls,
  toHaveNoViolations,
  toHaveOneClickUnsubscribe,
  toHavePart,
  toHaveRecipient,
  toHaveRecipientOutcome,
  toHaveSentCommand,
  toHaveSubject,
  toHaveText,
  toHaveTranscript,
  toHaveUsedAllFaults,
  toHaveValidDkim,
  toReceiveMessage,
};
export type { DkimKey, DkimKeys } from './dkim-keys.ts';
export { ExpectationError } from './expectation-error.ts';
export type * from './mail-matchers.ts';
export type * from './matcher.ts';
export { mailSerializer, type MailSerializer } from './serializer.ts';
export { steady } from './steady.ts';
export type { AddressField } from './to-have-address.ts';
export type { AttachmentExpectation } from './to-have-attachment.ts';
export type { AuthAttemptExpectation } from './to-have-auth-attempt.ts';
export type { EnvelopeExpectation } from './to-have-envelope.ts';
export type { TlsExpectation } from './to-have-negotiated-tls.ts';
export type { ViolationOptions } from './to-have-no-violations.ts';
export type { PartExpectation } from './to-have-part.ts';
export type { ReplyExpectation } from './to-have-recipient-outcome.ts';
export type { DkimExpectation } from './to-have-valid-dkim.ts';
export type { ReceiveOptions } from './to-receive-message.ts';

/** All of them, for `expect.extend(matchers)`. */
export const matchers: {
  readonly toHaveAddress: typeof toHaveAddress;
  readonly toHaveAttachment: typeof toHaveAttachment;
  readonly toHaveAuthAttempt: typeof toHaveAuthAttempt;
  readonly toHaveBlindRecipient: typeof toHaveBlindRecipient;
  readonly toHaveClosedBy: typeof toHaveClosedBy;
  readonly toHaveEnvelope: typeof toHaveEnvelope;
  readonly toHaveHeader: typeof toHaveHeader;
  readonly toHaveHtml: typeof toHaveHtml;
  readonly toHaveLink: typeof toHaveLink;
  readonly toHaveNegotiatedTls: typeof toHaveNegotiatedTls;
  readonly toHaveNoViolations: typeof toHaveNoViolations;
  readonly toHaveOneClickUnsubscribe: typeof toHaveOneClickUnsubscribe;
  readonly toHavePart: typeof toHavePart;
  readonly toHaveRecipient: typeof toHaveRecipient;
  readonly toHaveRecipientOutcome: typeof toHaveRecipientOutcome;
  readonly toHaveSentCommand: typeof toHaveSentCommand;
  readonly toHaveSubject: typeof toHaveSubject;
  readonly toHaveText: typeof toHaveText;
  readonly toHaveTranscript: typeof toHaveTranscript;
  readonly toHaveUsedAllFaults: typeof toHaveUsedAllFaults;
  readonly toHaveValidDkim: typeof toHaveValidDkim;
  readonly toReceiveMessage: typeof toReceiveMessage;
} = {
  toHaveAddress,
  toHaveAttachment,
  toHaveAuthAttempt,
  toHaveBlindRecipient,
  toHaveClosedBy,
  toHaveEnvelope,
  toHaveHeader,
  toHaveHtml,
  toHaveLink,
  toHaveNegotiatedTls,
  toHaveNoViolations,
  toHaveOneClickUnsubscribe,
  toHavePart,
  toHaveRecipient,
  toHaveRecipientOutcome,
  toHaveSentCommand,
  toHaveSubject,
  toHaveText,
  toHaveTranscript,
  toHaveUsedAllFaults,
  toHaveValidDkim,
  toReceiveMessage,
};
