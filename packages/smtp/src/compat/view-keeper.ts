// Keeps a session object true to what was really said, and tells when it is known who has connected.
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { ProxyAttributes } from '../session/proxy-attributes.ts';
import type { SessionState } from '../session/state.ts';
import { encodeReply, isCompletion, isRefusal, type Reply } from '../wire/reply.ts';
import type { RecipientPlaces } from './envelope.ts';
import type { SessionView } from './session-view.ts';
import type { SMTPServerAddress } from './types.ts';

/** What a keeper sees first. */
interface KeeperEvents {
  /** It is known by now who the client is: a proxy has said so, or will not any more. */
  clientKnown(): void;
  /** A proxy vouches for a user, whom the handler knows. */
  vouched(username: string): void;
}

export class ViewKeeper {
  /** The address that MAIL or RCPT is about; it goes into the envelope where the command is accepted. */
  address: SMTPServerAddress | undefined;
  /** Whom the handler of AUTH or XCLIENT has named, if anybody; he is logged in where the command is accepted. */
  user: unknown;
  readonly #view: SessionView;
  readonly #session: SessionState;
  readonly #places: RecipientPlaces;
  readonly #events: KeeperEvents;

  constructor(view: SessionView, session: SessionState, places: RecipientPlaces, events: KeeperEvents) {
    this.#view = view;
    this.#session = session;
    this.#places = places;
    this.#events = events;
  }

  replied(proposal: Proposal, sent: readonly Reply[]): void {
    const view = this.#view;
    const { phase, transaction } = this.#session;
    const refusal = sent.findLast(isRefusal);
    if (refusal !== undefined) view.error = encodeReply(refusal).trimEnd();
    if (!proposal.refused && isCompletion(sent.at(-1)!)) this.#apply(proposal);
    if (proposal.step === 'end-of-data') view.transaction++;
    // A session that is cut off in mid-transaction shows onClose what it was about.
    if (transaction === null && phase !== 'closed') view.envelope = view.newEnvelope();
  }

  #apply(proposal: Exclude<Proposal, Refusal>): void {
    const view = this.#view;
    switch (proposal.step) {
      case 'ehlo':
        view.hello(proposal);
        break;
      case 'auth':
        view.user = this.user;
        break;
      case 'mail':
        view.envelope.mailFrom = this.address!;
        this.#events.clientKnown();
        break;
      case 'rcpt':
        this.#places.put(view.envelope.rcptTo, this.address!, proposal.forwardPath);
        break;
      case 'xclient':
        this.#takeOver(proposal.attributes);
        break;
      case 'other':
        if (proposal.forwarded === undefined) break;
        view.forwarded(proposal.forwarded);
        if (proposal.forwarded.get('ADDR')) this.#events.clientKnown();
        break;
    }
  }

  #takeOver(attributes: ProxyAttributes): void {
    this.#view.proxied(attributes);
    const username = attributes.get('LOGIN');
    if (username && this.user) {
      this.#view.user = this.user;
      this.#events.vouched(username);
    }
    if (attributes.has('ADDR')) this.#events.clientKnown();
  }
}
