// Who answers for the application, and who only watches: what a server asks and tells about each session.
import type { Mailbox, ReversePath } from '../wire/path.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Reply } from '../wire/reply.ts';
import type { Proposal } from '../session/proposal.ts';
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
  auth?(credentials: Credentials): MaybeLater<Answer>;
  mail?(reversePath: ReversePath, parameters: Parameters): MaybeLater<Answer>;
  rcpt?(forwardPath: Mailbox, parameters: Parameters): MaybeLater<Answer>;
  /** After the 354. Without it the body is read and thrown away. `resume` ends what a `write` that gave `false` began. */
  body?(resume: () => void): BodySink;
  /** Replies that take the place of everybody else's. */
  readonly faults?: FaultScript;
  readonly observer?: SessionObserver;
}

/** Takes one body. */
export interface BodySink {
  /** A piece as on the wire, dot-stuffed. `false` asks for a pause. */
  write(piece: Buffer): boolean | void;
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
  /** A line of the client, credentials replaced by `********`. */
  received?(line: string): void;
  /** A reply was sent, and the session has moved. At the end of data in LMTP: a reply for each recipient. */
  replied?(proposal: Proposal, replies: readonly Reply[]): void;
  /** Clear text that came after STARTTLS was thrown away. */
  discarded?(octets: number): void;
  secured?(tls: TlsSession): void;
  handshakeFailed?(failure: Error): void;
  /** A handler threw or rejected, and the client got 451. */
  failed?(error: Error): void;
  closed?(by: ClosedBy): void;
}
