// SCRAM-SHA-256-PLUS, RFC 5802 §6 and RFC 7677: SCRAM-SHA-256, bound to the TLS channel.
import type { SaslMechanism } from './mechanism.ts';
import { isBindable, ScramExchange } from './scram.ts';

/** RFC 7677. To be had under TLS; the handler accepts where `credentials.verify(password)` does. */
export const scramSha256Plus: SaslMechanism = {
  name: 'SCRAM-SHA-256-PLUS',
  isAvailable: isBindable,
  begin: (context) => new ScramExchange('SCRAM-SHA-256-PLUS', context),
};
