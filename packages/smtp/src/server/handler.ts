// Who answers for the application, and who only watches: what a server asks and tells about each session.
import type { Mailbox, ReversePath } from '../wire/path.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { LineFault } from '../wire/reader.ts';
import type { Reply } from '../wire/reply.ts';
import type { HelloProposal, Proposal } from '../session/proposal.ts';
import type { ProxyAttributes } from '../session/proxy-attributes.ts';
import type { Credentials } from '../session/sasl/mechanism.ts';
import type { Recipient } from '../session/state.ts';
import type { FaultScript } from './fault.ts';
import type { TlsSession } from './tls.ts';

/** A reply instead of the one proposed, or nothing: the proposed one is sent. */
export type Answer = Reply | undefined;

/** An answer that may take its time. Meanwhile nothing more is read from the client. A rejection is answered 451. */
export type MaybeLater<T> = T | PromiseLike<T>;

/** Answers for one session. Every method is optional: without it the protocol's own proposal stands. */
export interface SessionHandler {
  /** Before the greeting. A refusal is sent in its place, and the connection closed. */
  connect?(): MaybeLater<Answer>;
  /** After a handshake, before anything else is read; before the greeting where it comes first. A refusal closes the connection. */
  secured?(): MaybeLater<Answer>;
  /** After EHLO, HELO or LHLO, before its reply. */
  hello?(proposal: HelloProposal): MaybeLater<Answer>;
  /** Judges credentials. Without it there are no users: 535. */
  auth?(credentials: Credentials): MaybeLater<Answer>;
  mail?(reversePath: ReversePath, parameters: Parameters): MaybeLater<Answer>;
  rcpt?(forwardPath: Mailbox, parameters: Parameters): MaybeLater<Answer>;
  /** XCLIENT: a trusted proxy names the client for which it speaks. */
  xclient?(attributes: ProxyAttributes): MaybeLater<Answer>;
  /** XFORWARD: a trusted proxy tells where it has the mail from. */
  xforward?(attributes: ProxyAttributes): MaybeLater<Answer>;
  /**
   * After the 354, or with the first BDAT. Without it the body is read and thrown away. `resume` ends what a `write` that gave
   * `false` began.
   */
  body?(resume: () => void, transfer: Transfer): BodySink;
  /** Replies that take the place of everybody else's. */
  readonly faults?: FaultScript;
  readonly observer?: SessionObserver;
}

/** The command that brings the body: with DATA it is dot-stuffed (RFC 5321 §4.5.2), with BDAT it comes as it is (RFC 3030 §2). */
export type Transfer = 'DATA' | 'BDAT';

/** Takes one body. */
export interface BodySink {
  /** Whether it asks for a pause before anything has come. @defaultValue false */
  readonly paused?: boolean;
  /**
   * A piece as on the wire. `dotted` says whether a line in it begins with a dot, where that is known: for `Unstuffer.push`, which
   * has nothing to look for where none does. `false` asks for a pause.
   */
  write(piece: Buffer, dotted?: boolean): boolean | void;
  /**
   * The body is whole. `recipients` are those that nothing has refused yet; the answer is for all of them, or a list with
   * one for each (RFC 2033 §4.2).
   */
  end(recipients: readonly Recipient[], size: number): MaybeLater<Answer | readonly Answer[]>;
  /** The body was refused without the sink, or its client has gone. Called at most once, and never after `end`. */
  abort(): void;
  /** The reply to the body has left the process, or can't any more. */
  flushed?(): void;
}

/** How a connection ended. */
export type ClosedBy = 'quit' | 'client' | 'server' | 'reset' | 'timeout';

/** Watches one session and changes nothing. */
export interface SessionObserver {
  /**
   * A line of the client, its octets as latin1, credentials replaced by `********`. One with a `fault` is not shown: the text names
   * the fault instead.
   */
  received?(line: string, fault?: LineFault['fault']): void;
  /**
   * A reply was sent, and the session has moved. At the end of data in LMTP: a reply for each recipient. `ahead` says that the client
   * did not wait for it: octets of what it sent next had been read before. Those that were on their way count as if they came later,
   * so that `false` proves nothing.
   */
  replied?(proposal: Proposal, replies: readonly Reply[], ahead: boolean): void;
  /**
   * Mishaps are about to befall the replies to a proposal, and the session has moved: these are the replies that count, `null` where the
   * client never gets one. Told instead of `replied`, and before anything is sent.
   */
  troubled?(proposal: Proposal, replies: readonly (Reply | null)[], ahead: boolean): void;
  /** One of those replies was sent, or so many octets of it. */
  sent?(proposal: Proposal, reply: Reply, octets: number): void;
  /** Clear text that came after STARTTLS was thrown away. */
  discarded?(octets: number): void;
  secured?(tls: TlsSession): void;
  handshakeFailed?(failure: Error): void;
  /**
   * A handler, an extension or a mechanism threw or rejected, and the client got 451; or something threw where no reply can tell,
   * and the connection was cut.
   */
  failed?(error: Error): void;
  closed?(by: ClosedBy): void;
}
