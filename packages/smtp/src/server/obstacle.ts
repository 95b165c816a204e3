// What stands in the way before there are replies: a client is kept waiting, is not heard, or is cut off.
import type { Socket } from 'node:net';
import type { Clock } from './clock.ts';
import type { Ending, HandshakeObstacle, Obstacle } from './fault.ts';

/** Where it leads, one of them at most. */
export interface WayOut {
  /** The obstacle is out of the way. */
  readonly go: () => void;
  readonly cut: (by: Ending) => void;
  /** The client has gone. */
  readonly gone: () => void;
}

/** Holds a connection up whose socket nobody reads yet. Returns what calls it off. */
export function meetObstacle(socket: Socket, obstacle: Obstacle, clock: Clock, { cut, go, gone }: WayOut): () => void {
  switch (obstacle.effect) {
    case 'delay': {
      const giveBack = keepHeard(socket, () => {
        cancel();
        gone();
      });
      const cancel = clock.after(obstacle.milliseconds, () => {
        giveBack();
        go();
      });
      return cancel;
    }
    case 'stall':
      // Read on: that is how it is noticed that the client goes.
      socket.once('end', gone).resume();
      break;
    case 'garble':
      socket.write(obstacle.octets);
      cut('fin');
      break;
    case 'drop':
      cut(obstacle.by);
      break;
  }
  return () => {};
}

/** Whether it is the server that is waited for. */
export function holdsUp(obstacle: HandshakeObstacle | undefined): boolean {
  return (
    obstacle !== undefined && (obstacle.effect === 'delay' || obstacle.effect === 'stall' || obstacle.effect === 'tls')
  );
}

/** Octets that a client may say while it is kept waiting. */
const MOST_KEPT = 65_536;

/** Hears a client that is kept waiting, so that it is noticed when it goes. Returns what gives back what it has said. */
export function keepHeard(socket: Socket, gone: () => void): () => void {
  const heard: Buffer[] = [];
  let octets = 0;
  const hear = (input: Buffer | string): void => {
    const chunk = typeof input === 'string' ? Buffer.from(input) : input;
    heard.push(chunk);
    octets += chunk.length;
    // So much is said by nobody who waits.
    if (octets > MOST_KEPT) gone();
  };
  socket.on('data', hear).once('end', gone).resume();
  return () => {
    socket.off('data', hear).off('end', gone).pause();
    if (octets > 0) socket.unshift(Buffer.concat(heard));
  };
}
