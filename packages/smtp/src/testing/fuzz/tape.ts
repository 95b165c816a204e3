// What happened in one play, as the invariants read it.
import type { Mishap } from '../../server/fault.ts';
import type { ClosedBy, Transfer } from '../../server/handler.ts';
import type { Proposal } from '../../session/proposal.ts';
import type { Phase } from '../../session/transitions.ts';
import type { Reply } from '../../wire/reply.ts';
import type { Setting } from './setting.ts';
import type { AbruptEnd } from './stage.ts';

/** A line, as the observer was shown it. */
export interface Received {
  readonly received: string;
  readonly phase: Phase;
}

/** Replies that were sent, or met with mishaps, and the session before and after them. */
export interface Replied {
  readonly proposal: Proposal;
  /** `null` where the client never gets one. */
  readonly replies: readonly (Reply | null)[];
  /** Whether the observer was told of mishaps. */
  readonly isTroubled: boolean;
  /** What the script had befall each of them. */
  readonly mishaps: readonly (Mishap | undefined)[];
  /** What the observer was told of each that met with mishaps. */
  readonly sent: { readonly reply: Reply; readonly octets: number }[];
  /** Octets that had been written whenever time was to pass before the next. */
  readonly waits: number[];
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
  /** Where it puts an end to everything: at so many octets, at its beginning (-1), or its end (`Infinity`). */
  readonly end: { readonly at: number; readonly how: AbruptEnd } | undefined;
  /** Octets of the body, by what `end` was told. */
  size: number | undefined;
  /** Codes by which the application refused it, by reply that is due; `undefined` where it did not. */
  refusals: readonly (number | undefined)[];
  readonly calls: ('end' | 'abort' | 'flushed')[];
  /** The replies to it. */
  answeredBy?: Replied;
  /** Octets that had left when it was told that its reply had, and those that had left before; not where it can't leave any more. */
  told?: { readonly after: number; readonly notAfter: number };
  /** Whether it wants no more for now. */
  isPaused: boolean;
}

export class Tape {
  readonly setting: Setting;
  /** What the client sends (latin1). */
  readonly sent: readonly string[];
  readonly events: (Received | Replied)[] = [];
  readonly sinks: SinkRecord[] = [];
  /** Everything written (latin1). */
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
  readonly afterEnd: string[] = [];
  /** Who was asked about a reply that the client never gets. */
  readonly askedInVain: string[] = [];
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
