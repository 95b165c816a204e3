// What a server offers and demands: the settings of a session, plain data.
import type { Extension } from './extension.ts';
import type { SaslMechanism } from './sasl/mechanism.ts';

/**
 * What STARTTLS (RFC 3207) does: `available`, `required` before MAIL and AUTH, `refused` with 454, or `absent` with 502.
 */
export type StartTlsPolicy = 'available' | 'required' | 'refused' | 'absent';

/** Verbs in upper case that are unknown here: a set, or whatever else can tell. */
export type DisabledCommands = Pick<ReadonlySet<string>, 'has'>;

export interface SessionPolicy {
  readonly protocol: 'smtp' | 'lmtp';
  /** The server's domain in the greeting and in the reply to EHLO. */
  readonly name: string;
  /** Text after the greeting's protocol name. */
  readonly banner?: string;
  /** First line of the reply to EHLO, HELO and LHLO. */
  readonly helloText: (clientName: string) => string;
  /** The extensions in force, in the order in which EHLO lists them. */
  readonly extensions: readonly Extension[];
  /** Whether replies carry enhanced status codes (RFC 2034). */
  readonly enhancedStatusCodes: boolean;
  readonly startTls: StartTlsPolicy;
  readonly mechanisms: readonly SaslMechanism[];
  /** Names listed with AUTH; one without a mechanism gets 504. */
  readonly advertisedMechanisms: readonly string[];
  /** Whether MAIL without AUTH gets 530. */
  readonly authRequired: boolean;
  /** Whether AUTH is to be had in clear text although the server speaks TLS. */
  readonly authInsecure: boolean;
  /** Text of that 530. */
  readonly authRequiredText?: string;
  /** Octets; a larger SIZE at MAIL gets 552 (RFC 1870 §6.1). */
  readonly maxSize?: number;
  /** Whether a larger body gets 552 too (RFC 1870 §6.3). */
  readonly rejectOversized: boolean;
  /** Recipients of a transaction; RCPT beyond it gets 452 (RFC 5321 §4.5.3.1.10). LIMITS tells it (RFC 9422). */
  readonly maxRecipients?: number;
  /**
   * RCPT commands that a transaction takes, those that name a mailbox again too, where `maxRecipients` is no more; it is told
   * nobody. @defaultValue 100,000
   */
  readonly maxRecipientCommands?: number;
  /** Domains among the recipients of a session; RCPT beyond it gets 452 (RFC 9422 §4.3). */
  readonly maxRecipientDomains?: number;
  /** MAIL commands of a session, whether they succeed or fail; MAIL beyond it gets 452 (RFC 9422 §4.1). */
  readonly maxTransactions?: number;
  /** Unknown commands since the last message; the last of them ends the session with 421. */
  readonly maxUnknownCommands?: number;
  /** Commands of a client that has to authenticate and has not; the last of them ends the session with 421. */
  readonly maxUnauthenticatedCommands?: number;
  /**
   * Commands since the last message that was accepted, but for recipients and chunks that were, and whose transaction was not given
   * up; the last of them ends the session with 421.
   */
  readonly maxCommandsWithoutMessage?: number;
  /** AUTH commands that may fail; one after them ends the session with 421. */
  readonly maxAuthFailures?: number;
  /** Octets of one chunk; a BDAT that announces more ends the session with 552 (RFC 3030 §2). @defaultValue 1 GiB */
  readonly maxChunkSize?: number;
  /** Whether paths get only a minimal check of their syntax. @defaultValue false */
  readonly lenientPaths?: boolean;
  readonly disabledCommands: DisabledCommands;
}
