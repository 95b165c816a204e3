// Where scripted faults come in: before the protocol's refusals and the application, on a reply's way to the client, and where
// there are no replies yet.
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { Recipient, SessionState } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';
import type { MaybeLater } from './handler.ts';
import type { TlsMaterial } from './tls.ts';

/** The moment at which a fault may strike: just before a reply. */
export interface FaultMoment {
  readonly proposal: Proposal;
  readonly session: SessionState;
  /** At the end of data: whom the reply is for. */
  readonly recipients?: readonly Recipient[];
}

/** How a connection ends: in order, or by a reset. */
export type Ending = 'fin' | 'rst';

/** There is no reply, nobody is asked for one, and the command counts as refused. */
export type Silence =
  /** Nothing more is read, and the client waits until it goes. */
  | { readonly effect: 'stall' }
  | { readonly effect: 'drop'; readonly by: Ending }
  /** Octets that are sent instead, as they are. */
  | { readonly effect: 'garble'; readonly octets: Buffer };

/** The reply that is due counts, but does not go out as it should. */
export type Hardship =
  | { readonly effect: 'delay'; readonly milliseconds: number }
  /** So many octets at a time, each piece so many milliseconds after the one before. */
  | { readonly effect: 'trickle'; readonly octets: number; readonly milliseconds: number }
  /** The connection ends when so many octets of the reply are sent, or all that there are; `unlessRefused` where it accepts. */
  | { readonly effect: 'cut'; readonly by: Ending; readonly after: number; readonly unlessRefused?: true };

/** What befalls a reply. */
export type Mishap = Silence | Hardship;

/** What stands in the way of a connection before there are replies. */
export type Obstacle = Silence | Extract<Hardship, { readonly effect: 'delay' }>;

/** What stands in the way of a handshake: it may also have to do with other material. */
export type HandshakeObstacle = Obstacle | { readonly effect: 'tls'; readonly material: MaybeLater<TlsMaterial> };

export interface FaultScript {
  /** The reply to send instead, or what befalls the one that is due; the moment is spent. */
  take(moment: FaultMoment): Reply | Mishap | undefined;
  /** Asked once, before a handshake and before the greeting. */
  connect?(): Obstacle | undefined;
  /** Asked before each handshake. */
  handshake?(): HandshakeObstacle | undefined;
}

export function isMishap(scripted: Reply | Mishap | undefined): scripted is Mishap {
  return scripted !== undefined && 'effect' in scripted;
}

export function isSilence(mishap: Mishap): mishap is Silence {
  return mishap.effect === 'stall' || mishap.effect === 'drop' || mishap.effect === 'garble';
}

/** Whether nothing is sent any more after it. */
export function endsReplies({ effect }: Mishap): boolean {
  return effect === 'stall' || effect === 'drop' || effect === 'cut';
}

/** What the protocol refuses a script may refuse otherwise; accepted it would be a lie that the next reply gives away. */
export function refusedOtherwise({ reply }: Refusal, scripted: Reply | undefined): Reply {
  return scripted !== undefined && isRefusal(scripted) ? scripted : reply;
}

/** What a reply counts for that the client never gets. It can't take a command as done; a greeting alone asks for nothing. */
export function inSilence({ reply, step }: Proposal): Reply {
  return step === 'connect' ? reply : replies.localError;
}
