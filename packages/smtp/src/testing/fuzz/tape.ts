// What happened in one play, as the invariants read it.
import type { ClosedBy, Transfer } from '../../server/handler.ts';
import type { Proposal } from '../../session/proposal.ts';
import type { Phase } from '../../session/transitions.ts';
import type { Reply } from '../../wire/reply.ts';
import type { Setting } from './setting.ts';

/** A line, as the observer was shown it. */
export interface Received {
  readonly received: string;
  readonly phase: Phase;
}

/** Replies that were sent, and the session before and after them. */
export interface Replied {
  readonly proposal: Proposal;
  readonly replies: readonly Reply[];
  readonly before: Phase;
  readonly after: Phase;
  /** Recipients of the transaction before it. */
  readonly recipients: number;
  /** Codes that the application gave at the end of a body, as {@link SinkRecord} has them. */
  readonly refusals: readonly (number | undefined)[];
  /** Why the session was not consistent then. */
  readonly inconsistency: string | undefined;
}

export interface SinkRecord {
  readonly transfer: Transfer;
  content: string;
  /** Octets of the body, by what `end` was told. */
  size: number | undefined;
  /** Codes by which the application refused it, by reply that is due; `undefined` where it did not. */
  refusals: readonly (number | undefined)[];
  readonly calls: ('end' | 'abort' | 'flushed')[];
}

export class Tape {
  readonly setting: Setting;
  /** What the client sends (latin1). */
  readonly sent: readonly string[];
  readonly events: (Received | Replied)[] = [];
  readonly sinks: SinkRecord[] = [];
  /** Everything written. */
  text = '';
  longestWrite = 0;
  closedBy: ClosedBy | null = null;
  /** What the channel was told of; nothing in most plays. */
  readonly failures: unknown[] = [];
  /** What the observer was told of, and the client by 451. */
  readonly failed: Error[] = [];
  /** What the dialogue threw at its caller. */
  readonly thrown: unknown[] = [];
  /** What was read although somebody had asked to wait. */
  readonly tooEarly: string[] = [];
  /** What was done although the session was over. */
  readonly afterClose: string[] = [];
  /** Octets that were held beyond what may be held. */
  excess = 0;
  /** Where nobody was waited for, and nothing went on. */
  stuck: string | undefined;
  /** What was done, in words; kept where somebody wants to read it. */
  readonly script: string[] | null;

  constructor(setting: Setting, sent: readonly string[], scripted: boolean) {
    this.setting = setting;
    this.sent = sent;
    this.script = scripted ? [] : null;
  }
}

export function isReceived(event: Received | Replied): event is Received {
  return 'received' in event;
}
