// What the clients say they sent, and how it compares with what the server has.
import { createHash } from 'node:crypto';
import { SMUGGLER } from './visit.mjs';

/** @typedef {{ readonly from: string, readonly to: readonly string[], readonly length: number, readonly sha256: string }} SentMessage */

/** @typedef {{ readonly kind: 'sent', readonly message: SentMessage } | { readonly kind: 'accepted' | 'refused', readonly from: string }} Notice */

/** @typedef {'none' | 'accepted' | 'refused'} Answer */

/** @typedef {Pick<import('@mailrig/fixture').Message, 'envelope' | 'raw'>} Received */

/**
 * @typedef {object} Comparison Each list has a line for every message that it is about.
 * @property {string[]} lost Accepted, and not there.
 * @property {string[]} altered There, and not as sent.
 * @property {string[]} twice There more than once.
 * @property {string[]} unsent There, although never sent to its end, or refused.
 * @property {string[]} smuggled There, although no part of any dialogue said so.
 * @property {number} accepted
 * @property {{ readonly kept: number, readonly gone: number }} unanswered Sent to the end, but the reply was not read: either is right.
 */

export class Ledger {
  /** By sender. @type {Map<string, { readonly message: SentMessage, answer: Answer }>} */
  #entries = new Map();

  /** @param {Notice} notice */
  enter(notice) {
    if (notice.kind === 'sent') {
      this.#entries.set(notice.message.from, { message: notice.message, answer: 'none' });
      return;
    }
    const entry = this.#entries.get(notice.from);
    if (entry === undefined) throw new Error(`An answer to a message that was not sent: ${notice.from}`);
    entry.answer = notice.kind;
  }

  /**
   * @param {readonly Received[]} received
   * @returns {Comparison}
   */
  compare(received) {
    const counts = countBySender(received);
    const senders = [...counts.keys()];
    const entries = [...this.#entries.values()];
    const sendersWith = (/** @type {Answer} */ wanted) =>
      entries.filter(({ answer }) => answer === wanted).map(({ message }) => message.from);
    const accepted = sendersWith('accepted');
    const unanswered = sendersWith('none');
    const expected = new Set([...accepted, ...unanswered]);
    const kept = unanswered.filter((from) => counts.has(from)).length;
    return {
      lost: accepted.filter((from) => !counts.has(from)),
      altered: received.flatMap((message) => this.#differences(message)),
      twice: senders.filter((from) => /** @type {number} */ (counts.get(from)) > 1),
      unsent: senders.filter((from) => !expected.has(from) && from !== SMUGGLER),
      smuggled: senders.filter((from) => from === SMUGGLER),
      accepted: accepted.length,
      unanswered: { kept, gone: unanswered.length - kept },
    };
  }

  /** @param {Received} received */
  #differences({ envelope, raw }) {
    const sent = this.#entries.get(senderOf({ envelope }))?.message;
    if (sent === undefined) return [];
    const sameContent = raw.length === sent.length && createHash('sha256').update(raw).digest('hex') === sent.sha256;
    const sameRecipients = envelope.to.join() === sent.to.join();
    return [
      ...(sameContent ? [] : [`${sent.from}: ${raw.length} octets for ${sent.length}, or others`]),
      ...(sameRecipients ? [] : [`${sent.from}: ${envelope.to.length} recipients for ${sent.to.length}, or others`]),
    ];
  }
}

/** @param {readonly Received[]} received */
function countBySender(received) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const message of received) {
    const from = senderOf(message);
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  return counts;
}

/** @param {Pick<Received, 'envelope'>} received */
const senderOf = ({ envelope }) => envelope.from ?? '<>';
