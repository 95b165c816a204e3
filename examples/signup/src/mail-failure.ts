// Why a mail could not be sent, in the application's words.
import type { NodemailerError } from 'nodemailer';

/** `unavailable`: it's not the user's fault, nor can the user mend it. */
export type MailFailureReason = 'recipient-refused' | 'message-too-large' | 'unavailable';

export class MailFailure extends Error {
  readonly reason: MailFailureReason;
  /** Whether the same mail may be accepted later (RFC 5321 §4.2.1: a 4yz reply). */
  readonly temporary: boolean;

  constructor(cause: NodemailerError) {
    super(cause.message, { cause });
    this.name = 'MailFailure';
    this.reason = reasonOf(cause);
    this.temporary = firstDigit(cause) === 4;
  }
}

const reasonOf = (cause: NodemailerError): MailFailureReason => {
  if (firstDigit(cause) !== 5) return 'unavailable';
  if (cause.command === 'RCPT TO') return 'recipient-refused';
  // RFC 5321 §4.2.3: 552 "exceeded storage allocation" is what RFC 1870 answers to a message over the limit.
  if (cause.responseCode === 552) return 'message-too-large';
  return 'unavailable';
};

const firstDigit = (cause: NodemailerError): number => Math.trunc((cause.responseCode ?? 0) / 100);
