// What a session is told of the socket below it.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SaslCrypto } from '../session/sasl/mechanism.ts';
import type { Surroundings } from '../session/surroundings.ts';
import { channelBindingOf } from './channel-binding.ts';
import { clientIdentityOf } from './client-identity.ts';
import { saslCrypto } from './sasl-crypto.ts';

/** Whoever has a socket, and may put another in its place: STARTTLS does. */
interface SocketOwner {
  readonly socket: Socket;
}

export class SocketSurroundings implements Surroundings {
  readonly peerAddress: string;
  readonly secure: boolean;
  readonly #owner: SocketOwner;

  constructor(peerAddress: string, secure: boolean, owner: SocketOwner) {
    this.peerAddress = peerAddress;
    this.secure = secure;
    this.#owner = owner;
  }

  get crypto(): SaslCrypto {
    return saslCrypto;
  }

  get clientIdentity(): string | null {
    const { socket } = this.#owner;
    return socket instanceof TLSSocket ? clientIdentityOf(socket) : null;
  }

  channelBinding(type: string): Buffer | undefined {
    const { socket } = this.#owner;
    return socket instanceof TLSSocket ? channelBindingOf(socket, type) : undefined;
  }
}
