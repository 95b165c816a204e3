// Where scripted faults come in: before the protocol's refusals and before the application.
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { Recipient, SessionState } from '../session/state.ts';
import { isRefusal, type Reply } from '../wire/reply.ts';

/** The moment at which a fault may strike: just before a reply. */
export interface FaultMoment {
  readonly proposal: Proposal;
  readonly session: SessionState;
  /** At the end of data: whom the reply is for. */
  readonly recipients?: readonly Recipient[];
}

export interface FaultScript {
  /** The reply to send instead; the moment is spent. */
  take(moment: FaultMoment): Reply | undefined;
}

/** What the protocol refuses a script may refuse otherwise; accepted it would be a lie that the next reply gives away. */
export function refusedOtherwise({ reply }: Refusal, scripted: Reply | undefined): Reply {
  return scripted !== undefined && isRefusal(scripted) ? scripted : reply;
}
