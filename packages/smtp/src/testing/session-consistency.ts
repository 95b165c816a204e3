// What is true of every session at any time, whatever was said and answered.
import type { Session } from '../session/session.ts';

/** By RFC 5321 §4.1.4 and RFC 3207 §4.2; `undefined` where it holds. */
export function inconsistency({ expects, hello, phase, transaction }: Session): string | undefined {
  const inTransaction = ['rcpt', 'data', 'body', 'chunks', 'reset'].includes(phase);
  if ((transaction !== null) !== inTransaction) return `a transaction in ${phase}, or none`;
  const withRecipients = ['data', 'body', 'chunks', 'reset'].includes(phase);
  if ((transaction?.chunked ?? 0) > 0 && !['chunks', 'reset'].includes(phase)) return `chunks in ${phase}`;
  if ((transaction?.recipients.length ?? 0) > 0 !== withRecipients) return `recipients in ${phase}, or none`;
  if (hello !== null && (phase === 'connect' || phase === 'hello')) return `greeted in ${phase}`;
  if (hello === null && (inTransaction || phase === 'mail' || phase === 'credentials'))
    return `not greeted in ${phase}`;
  if ((expects === 'nothing') !== ['connect', 'handshake', 'closed'].includes(phase)) return `${expects} in ${phase}`;
  return undefined;
}
