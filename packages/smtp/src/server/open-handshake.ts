// A handshake on command: it begins when what stands in its way is gone, and breaks off, or uses other material, where that is asked for.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { HandshakeObstacle, Obstacle } from './fault.ts';
import { isLater } from './is-later.ts';
import { keepHeard, meetObstacle, type WayOut } from './obstacle.ts';
import { beginHandshake, type HandshakePatience, type TlsMaterial } from './tls.ts';

export interface HandshakeSettings extends HandshakePatience {
  readonly tls: TlsMaterial | undefined;
}

/** Where it leads. */
export interface HandshakeWay extends Omit<WayOut, 'go'> {
  /** Now the handshake goes on, on a socket of its own. */
  readonly begun: (secure: TLSSocket) => void;
  readonly settled: (secure: TLSSocket, failure: Error | null) => void;
  /** There is no material to begin with. */
  readonly failed: (error: unknown) => void;
}

/** Opens a handshake on a socket that nobody reads. Returns what calls it off. */
export function openHandshake(
  socket: Socket,
  obstacle: HandshakeObstacle | undefined,
  settings: HandshakeSettings,
  way: HandshakeWay,
): () => void {
  const begin = (material: TlsMaterial): void => {
    // It may have been waited for.
    if (socket.destroyed) return;
    try {
      const secure = beginHandshake(socket, material, settings, (failure) => way.settled(secure, failure));
      way.begun(secure);
    } catch (error) {
      way.failed(error);
    }
  };
  const go = (): void => begin(settings.tls!);
  // What the client says before that waits in the stream, and is the handshake's.
  socket.pause();
  if (obstacle === undefined) go();
  else if (obstacle.effect !== 'tls') return meetInHandshake(socket, obstacle, settings, { ...way, go });
  else if (!isLater(obstacle.material)) begin(obstacle.material);
  else {
    const giveBack = keepHeard(socket, way.gone);
    obstacle.material.then((material) => {
      giveBack();
      begin(material);
    }, way.failed);
  }
  return () => {};
}

/** A handshake breaks off when the client has begun it. */
function meetInHandshake(socket: Socket, obstacle: Obstacle, { clock }: HandshakePatience, way: WayOut): () => void {
  if (obstacle.effect === 'delay' || obstacle.effect === 'stall') return meetObstacle(socket, obstacle, clock, way);
  socket.once('end', way.gone);
  socket.once('data', () => {
    socket.off('end', way.gone);
    meetObstacle(socket, obstacle, clock, way);
  });
  socket.resume();
  return () => {};
}
