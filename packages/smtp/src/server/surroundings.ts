// What a session is told of the socket below it.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Surroundings } from '../session/surroundings.ts';
import { channelBindingOf } from './channel-binding.ts';
import { clientIdentityOf } from './client-identity.ts';
import { saslCrypto } from './sasl-crypto.ts';

/** @param socketNow the socket that speaks now: STARTTLS puts another in its place. */
export function surroundingsOf(peerAddress: string, secure: boolean, socketNow: () => Socket): Surroundings {
  return {
    peerAddress,
    secure,
    crypto: saslCrypto,
    get clientIdentity() {
      const socket = socketNow();
      return socket instanceof TLSSocket ? clientIdentityOf(socket) : null;
    },
    channelBinding(type) {
      const socket = socketNow();
      return socket instanceof TLSSocket ? channelBindingOf(socket, type) : undefined;
    },
  };
}
