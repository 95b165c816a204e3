// Why a mail could not be sent, in the application's words.
import type { NodemailerError } from 'nodemailer';

/**
 * `refused`: this mail, for good. `later`: the server can't take it now, or can't be reached. `unavailable`: no mail can be sent until
 * somebody has mended the settings.
 */
export type MailFailureReason = 'refused' | 'later' | 'unavailable';

export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  readonly reason: MailFailureReason;

  constructor(cause: NodemailerError) {
    super(cause.response ?? cause.message, { cause });
    this.reason = reasonOf(cause);
  }
}

const reasonOf = ({ code, command, permanent }: NodemailerError): MailFailureReason => {
  // A server without TLS, or that does not know us, may say so with any reply, also with one that is for now (RFC 3207 §4, RFC 4954 §6).
  if (code === 'ETLS' || code === 'EAUTH') return 'unavailable';
  if (permanent === false || BROKEN_CONNECTION.has(code)) return 'later';
  return permanent && (command === 'RCPT TO' || code === 'EMESSAGE') ? 'refused' : 'unavailable';
};

const BROKEN_CONNECTION: ReadonlySet<string | undefined> = new Set(['ECONNECTION', 'EDNS', 'ESOCKET', 'ETIMEDOUT']);
