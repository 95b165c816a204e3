// SCRAM-SHA-256, RFC 5802 and RFC 7677: both sides prove that they know the password.
import type { SaslMechanism } from './mechanism.ts';
import { ScramExchange } from './scram.ts';

/** RFC 7677. The handler accepts where `credentials.verify(password)` does. */
export const scramSha256: SaslMechanism = {
  name: 'SCRAM-SHA-256',
  begin: (context) => new ScramExchange('SCRAM-SHA-256', context),
};
