// What a connection is told: what all of a listener share, and where its socket came from.
import type { SessionPolicy } from '../session/policy.ts';
import type { Reply } from '../wire/reply.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { SessionHandler } from './handler.ts';
import type { TlsMaterial } from './tls.ts';

/** What all connections of a listener share. */
export interface ConnectionSettings {
  readonly policy: SessionPolicy;
  readonly tls: TlsMaterial | undefined;
  /** TLS from the first octet. */
  readonly implicitTls: boolean;
  /** Whether TLS is ended in front of the server: what arrives in clear text counts as secure. */
  readonly secured: boolean;
  readonly clock: Clock;
  /** Milliseconds without an octet from the client, in every phase. */
  readonly idleTimeout: number;
  /** Milliseconds for a TLS handshake. */
  readonly handshakeTimeout: number;
  /** Milliseconds before the greeting; who talks in the meantime gets 421 and is not heard. */
  readonly greetDelay: number;
  /** Octets of a command line without its CRLF; a longer one ends the session with 421. */
  readonly commandLineLimit: number;
  /** The same for a line of an AUTH exchange. */
  readonly credentialsLineLimit: number;
  /** Who answers for a connection, told of where its socket came from. What it throws is told as `error` of the socket server. */
  readonly open: (connection: Connection, origin: Origin) => SessionHandler;
}

/** The two ends of a connection. */
export interface Endpoints {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

/** What is known of a socket besides itself. */
export interface Origin {
  /** The ends that somebody names who knows better than the socket: a proxy, or whoever accepted it. */
  readonly endpoints?: Partial<Endpoints>;
  /** Whether whoever accepted it has seen to TLS already. @defaultValue false */
  readonly secure?: boolean;
  /** It is sent in the place of the greeting, and the connection closed. */
  readonly refusal?: Reply;
}
