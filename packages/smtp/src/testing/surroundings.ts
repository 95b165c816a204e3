// What lies below a session in tests: nothing, unless they say so.
import { saslCrypto } from '../server/sasl-crypto.ts';
import type { Surroundings } from '../session/surroundings.ts';

export function surroundingsWith(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    peerAddress: '127.0.0.1',
    secure: false,
    channelBinding: () => undefined,
    clientIdentity: null,
    crypto: saslCrypto,
    ...changes,
  };
}
