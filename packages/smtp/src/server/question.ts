// Which of a handler's methods a proposal concerns.
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { Answer, MaybeLater, SessionHandler } from './handler.ts';

/** What to ask; `undefined` where the handler has no say, so that the proposed reply can be sent at once. */
export function questionFor(
  handler: SessionHandler,
  proposal: Exclude<Proposal, Refusal>,
): (() => MaybeLater<Answer>) | undefined {
  switch (proposal.step) {
    case 'connect':
      return handler.connect && (() => handler.connect!());
    case 'auth': {
      // While the exchange goes on there is nothing to judge yet.
      const { credentials } = proposal;
      return credentials && handler.auth && (() => handler.auth!(credentials));
    }
    case 'mail':
      return handler.mail && (() => handler.mail!(proposal.reversePath, proposal.parameters));
    case 'rcpt':
      return handler.rcpt && (() => handler.rcpt!(proposal.forwardPath, proposal.parameters));
    default:
      return undefined;
  }
}
