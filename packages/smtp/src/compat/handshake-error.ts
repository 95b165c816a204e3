// A failed TLS handshake as the `error` event tells of it.
import type { SMTPServerSession } from './types.ts';

/** The failure with what it happened to, by the names that listeners know. */
export function handshakeError(failure: Error, { remoteAddress }: SMTPServerSession): Error {
  return Object.assign(failure, { remoteAddress, meta: { protocol: 'smtp', stage: 'connect', remoteAddress } });
}
