// The transaction that is open, as the session itself may change it.
import type { Parameters } from '../wire/parameters.ts';
import { mailboxKey, type Mailbox, type ReversePath } from '../wire/path.ts';
import { ENVELOPE_LIMIT, RECIPIENTS_LIMIT } from './bounds.ts';
import type { SessionPolicy } from './policy.ts';
import type { Recipient, Transaction } from './state.ts';

export class OpenTransaction implements Transaction {
  readonly reversePath: ReversePath;
  readonly parameters: Parameters;
  readonly recipients: Recipient[] = [];
  chunked = 0;
  /** What its recipients cost. */
  #octets = 0;
  /** They are counted where that limits anything. */
  readonly #mailboxes: Set<string> | undefined;
  readonly #domains: Set<string> | undefined;

  /** `domains` are those of the session's recipients so far: RFC 9422 §4.3 counts them over all its transactions. */
  constructor(
    reversePath: ReversePath,
    parameters: Parameters,
    { maxRecipients }: SessionPolicy,
    domains: Set<string> | undefined,
  ) {
    this.reversePath = reversePath;
    this.parameters = parameters;
    this.#mailboxes = maxRecipients === undefined ? undefined : new Set();
    this.#domains = domains;
  }

  hasRoomFor(forwardPath: Mailbox, policy: SessionPolicy): boolean {
    const { maxRecipientCommands = RECIPIENTS_LIMIT, maxRecipientDomains, maxRecipients } = policy;
    if (this.recipients.length >= Math.max(maxRecipients ?? 0, maxRecipientCommands)) return false;
    if (this.#octets >= ENVELOPE_LIMIT) return false;
    // What is named again takes no further place among those that the policy counts.
    const inMailboxes = hasRoom(this.#mailboxes, maxRecipients, () => mailboxKey(forwardPath));
    return inMailboxes && hasRoom(this.#domains, maxRecipientDomains, () => domainKey(forwardPath));
  }

  add(recipient: Recipient): void {
    const { forwardPath, parameters } = recipient;
    this.recipients.push(recipient);
    this.#octets += RECIPIENT + forwardPath.address.length + octetsOf(parameters);
    this.#mailboxes?.add(mailboxKey(forwardPath));
    this.#domains?.add(domainKey(forwardPath));
  }
}

/** Octets that a recipient costs besides what it says, roughly. */
const RECIPIENT = 256;

function octetsOf(parameters: Parameters): number {
  let octets = 0;
  for (const keyword in parameters) octets += keyword.length + String(parameters[keyword]).length;
  return octets;
}

function hasRoom(counted: Set<string> | undefined, limit: number | undefined, key: () => string): boolean {
  return counted === undefined || counted.size < limit! || counted.has(key());
}

function domainKey({ domain }: Mailbox): string {
  return domain.toLowerCase();
}
