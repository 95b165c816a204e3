// A connection as whoever answers for it sees it.
import type { Socket } from 'node:net';
import type { DisabledCommands } from '../session/policy.ts';
import type { SessionState } from '../session/state.ts';
import type { Reply } from '../wire/reply.ts';
import type { Endpoints } from './connection-settings.ts';
import type { Ending } from './fault.ts';
import type { TlsSession } from './tls.ts';

export interface Connection extends Endpoints {
  readonly session: SessionState;
  /** The socket that speaks now: under TLS the one that encrypts. */
  readonly socket: Socket;
  /** What the handshake negotiated; `null` in clear text. */
  readonly tls: TlsSession | null;
  /** Ends the session with 421 as soon as nothing is in progress. One in its handshake can't be told, and is cut. */
  drain(): void;
  /** Cuts the connection as soon as the client could be told so with 421. */
  expel(): void;
  /** Cuts the connection at once. */
  destroy(): void;
  /** Ends the connection in the midst of things, when what was written has left. */
  cut(by: Ending): void;
  /** Says and hears nothing more, until the client goes. */
  stall(): void;
  /** Says why with a 421, and closes; in the middle of the content, too. */
  dismiss(reply: Reply): void;
  /** Takes a client as authenticated for whom somebody vouches who is trusted; `null`: as authenticated no more. */
  authenticate(username: string | null): void;
  /** Replaces the policy's list of disabled commands for this session; `undefined` returns to it. */
  disableCommands(verbs: DisabledCommands | undefined): void;
}
