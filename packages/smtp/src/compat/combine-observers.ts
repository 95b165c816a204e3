// Several observers of one session as one.
import type { SessionObserver } from '../server/handler.ts';

export function combineObservers(observers: readonly SessionObserver[]): SessionObserver {
  const tell = (event: (observer: SessionObserver) => void): void => observers.forEach(event);
  return {
    received: (line, fault) => tell((observer) => observer.received?.(line, fault)),
    replied: (proposal, replies, ahead) => tell((observer) => observer.replied?.(proposal, replies, ahead)),
    secured: (tls) => tell((observer) => observer.secured?.(tls)),
    handshakeFailed: (failure) => tell((observer) => observer.handshakeFailed?.(failure)),
    failed: (error) => tell((observer) => observer.failed?.(error)),
    discarded: (octets) => tell((observer) => observer.discarded?.(octets)),
    closed: (by) => tell((observer) => observer.closed?.(by)),
  };
}
