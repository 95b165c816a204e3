// Several observers of one session as one.
import type { SessionObserver } from '../server/handler.ts';

export function combineObservers(observers: readonly SessionObserver[]): SessionObserver {
  const tell = (event: (observer: SessionObserver) => void): void => observers.forEach(event);
  return {
    received: (line) => tell((observer) => observer.received?.(line)),
    replied: (proposal, replies) => tell((observer) => observer.replied?.(proposal, replies)),
    secured: (tls) => tell((observer) => observer.secured?.(tls)),
    handshakeFailed: (failure) => tell((observer) => observer.handshakeFailed?.(failure)),
    failed: (error) => tell((observer) => observer.failed?.(error)),
    discarded: (octets) => tell((observer) => observer.discarded?.(octets)),
    closed: (by) => tell((observer) => observer.closed?.(by)),
  };
}
