// A connection that ends by a reset.
import type { Socket } from 'node:net';

/** Resets a connection once all that was written has left. `transport` is the TCP socket below, if TLS is on top. */
export function resetConnection(socket: Socket, transport: Socket): void {
  const reset = (): void => {
    // A TLS socket has no handle that can be reset, nor one that somebody else has wrapped.
    if (!transport.destroyed) transport.resetAndDestroy();
    socket.destroy();
  };
  if (socket.writableLength === 0) reset();
  else socket.write('', reset);
}
