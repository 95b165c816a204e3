// What the parts of a play have in common.
import type { Ending } from '../../server/fault.ts';
import type { Session } from '../../session/session.ts';
import type { Draws } from './draws.ts';
import type { Tape } from './tape.ts';

/** When an application lets others wait, and where it fails. */
export interface Moods {
  /** What a sink says at its beginning and at each `write`. */
  patience(): 'glad' | 'pauses' | 'pauses and resumes';
  /** Throws where this call is to fail. */
  mayFail(call: FailingCall): void;
}

export type FailingCall = 'write' | 'abort' | 'flushed' | 'body' | 'received' | 'replied' | 'troubled' | 'sent';

/** How somebody puts an end to a session in the midst of things. */
export type AbruptEnd = 'stall' | 'expel' | `cut by ${Ending}`;

export interface Stage {
  readonly draws: Draws;
  readonly moods: Moods;
  readonly session: Session;
  readonly tape: Tape;
  /** Whether nothing may be said or asked any more. */
  readonly isOver: () => boolean;
  /** Whether the client reads what it is told, so that it may be read as well. */
  readonly mayRead: () => boolean;
  /** Octets that have left the process, and those that had before the last of them did. */
  readonly left: () => { readonly after: number; readonly notAfter: number };
  readonly putAnEnd: (end: AbruptEnd) => void;
}

/** Notes a call that comes although the session is over. */
export function noteIfOver({ isOver, tape }: Stage, call: string): void {
  if (isOver()) tape.afterEnd.push(call);
}
