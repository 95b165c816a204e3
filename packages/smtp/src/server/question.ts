// Which of a handler's methods a proposal concerns.
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { SessionState } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import type { Answer, MaybeLater, SessionHandler } from './handler.ts';
import { whenKnown } from './is-later.ts';

/** What to ask; `undefined` where the handler has no say, so that the proposed reply can be sent at once. */
export function questionFor(
  handler: SessionHandler,
  proposal: Exclude<Proposal, Refusal>,
  { secure }: SessionState,
): (() => MaybeLater<Answer>) | undefined {
  switch (proposal.step) {
    case 'connect':
      return secure && handler.secured ? () => admitSecured(handler) : handler.connect && (() => handler.connect!());
    case 'ehlo':
      return handler.hello && (() => handler.hello!(proposal));
    case 'auth': {
      // While the exchange goes on there is nothing to judge yet, and at its end there may be nothing left.
      const { credentials, judged } = proposal;
      if (!credentials || judged) return undefined;
      // Where nobody knows any users there are none.
      return () => (handler.auth ? handler.auth(credentials) : replies.authenticationFailed);
    }
    case 'mail':
      return handler.mail && (() => handler.mail!(proposal.reversePath, proposal.parameters));
    case 'rcpt':
      return handler.rcpt && (() => handler.rcpt!(proposal.forwardPath, proposal.parameters));
    case 'xclient':
      return handler.xclient && (() => handler.xclient!(proposal.attributes));
    case 'other': {
      const { forwarded } = proposal;
      return forwarded && handler.xforward && (() => handler.xforward!(forwarded));
    }
    default:
      return undefined;
  }
}

/** Who comes under TLS is judged twice before the greeting: as a client, and by the handshake. */
function admitSecured(handler: SessionHandler): MaybeLater<Answer> {
  return whenKnown(handler.connect?.(), (refusal) => refusal ?? handler.secured?.());
}
