// What a session is told of the connection below it: it asks nobody itself.
import type { SaslCrypto } from './sasl/mechanism.ts';

export interface Surroundings {
  /** The address that the connection came from; after a PROXY header the one that it names. */
  readonly peerAddress: string;
  /** Whether TLS is on from the beginning, ended here or in front of the server. */
  readonly secure: boolean;
  /** Channel binding data of the TLS session by type (RFC 5056); `undefined` where there is none. */
  channelBinding(type: string): Buffer | undefined;
  /** The identity in the client's verified certificate; `null` without one. */
  readonly clientIdentity: string | null;
  /** What SASL mechanisms compute with. */
  readonly crypto: SaslCrypto;
}
