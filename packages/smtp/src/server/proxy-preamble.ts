// What comes before a session where a proxy is in front: the header by which it names the client.
import type { Socket } from 'node:net';
import { ProxyHeaderReader, type ProxyHeader } from '../wire/proxy-header.ts';
import type { Clock } from './clock.ts';
import type { Endpoints } from './connection-settings.ts';
import { LINGER } from './transport.ts';

interface Preamble {
  readonly clock: Clock;
  /** Milliseconds that the header may take. */
  readonly idleTimeout: number;
  /** Octets of the header. */
  readonly limit: number;
  /** What is sent to who has sent something else: nothing where he would not understand it. */
  readonly refusal: string;
}

/**
 * Reads the header and calls `settle` once, with the client that it names; what came behind it is left in the socket. Where there
 * is none in time, or something else is there, the socket is cut: `null`.
 */
export function awaitProxyHeader(
  socket: Socket,
  { clock, idleTimeout, limit, refusal }: Preamble,
  settle: (endpoints: Partial<Endpoints> | null) => void,
): void {
  const reader = new ProxyHeaderReader(limit);
  let cancel = clock.after(idleTimeout, () => socket.destroy());
  const ignore = (): void => {};
  const end = (endpoints: Partial<Endpoints> | null): void => {
    cancel();
    socket.off('data', onInput).off('end', onEnd).off('close', onClose);
    settle(endpoints);
    socket.off('error', ignore);
  };
  const refuse = (): void => {
    cancel();
    // What is still coming is read and forgotten: a socket with unread input would be reset, and the refusal lost.
    socket.off('data', onInput).resume().end(refusal);
    cancel = clock.after(LINGER, () => socket.destroy());
  };
  const onInput = (chunk: Buffer): void => {
    const reading = reader.feed(chunk);
    if (reading === 'incomplete') return;
    socket.pause();
    if (reading === 'malformed') return refuse();
    if (reading.rest.length > 0) socket.unshift(reading.rest);
    end(endpointsOf(reading.header));
  };
  const onEnd = (): void => void socket.destroy();
  const onClose = (): void => end(null);
  socket.on('data', onInput).on('end', onEnd).on('close', onClose).on('error', ignore);
}

/** The peer itself stays where the proxy names nobody: it speaks for itself. */
function endpointsOf({ source }: ProxyHeader): Partial<Endpoints> {
  return source === null ? {} : { remoteAddress: source.address, remotePort: source.port };
}
