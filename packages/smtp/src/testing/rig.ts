// A listener on a socket of its own, for tests: stopped with its test, and what its sessions told.
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { ClosedBy, SessionHandler, SessionObserver } from '../server/handler.ts';
import { Listener, type ListenerOptions } from '../server/listener.ts';
import { auth } from '../session/extensions/auth.ts';
import { enhancedStatusCodes, pipelining, startTls } from '../session/extensions/simple.ts';
import type { SessionPolicy } from '../session/policy.ts';
import { plain } from '../session/sasl/plain.ts';
import { ManualClock } from './manual-clock.ts';
import { testCertificate } from './test-certificate.ts';

export const POLICY: SessionPolicy = {
  protocol: 'smtp',
  name: 'mail.example',
  helloText: () => 'mail.example',
  extensions: [pipelining, startTls, auth, enhancedStatusCodes],
  enhancedStatusCodes: true,
  startTls: 'available',
  mechanisms: [plain],
  advertisedMechanisms: ['PLAIN'],
  authRequired: false,
  authInsecure: false,
  rejectOversized: false,
  disabledCommands: new Set(),
};

export class Rig implements AsyncDisposable {
  readonly clock: ManualClock = new ManualClock();
  readonly closed: ClosedBy[] = [];
  readonly handshakeFailures: string[] = [];
  readonly discarded: number[] = [];
  readonly failures: string[] = [];
  readonly listener: Listener;
  address: AddressInfo & { host: string } = { address: '', family: '', port: 0, host: '' };
  #whenClosed: () => void = () => {};

  private constructor(handler: SessionHandler, options: Partial<ListenerOptions>) {
    this.listener = new Listener({
      policy: POLICY,
      tls: { secureContext: createSecureContext(testCertificate) },
      clock: this.clock,
      open: () => ({ ...handler, observer: this.#observer }),
      ...options,
    });
  }

  static async start(handler: SessionHandler = {}, options: Partial<ListenerOptions> = {}): Promise<Rig> {
    const rig = new Rig(handler, options);
    const address = await rig.listener.listen({ host: '127.0.0.1', port: 0 });
    rig.address = { ...address, host: address.address };
    return rig;
  }

  async closedBy(): Promise<ClosedBy> {
    if (this.closed.length === 0) await new Promise<void>((resolve) => (this.#whenClosed = resolve));
    return this.closed.shift()!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.stop();
  }

  readonly #observer: SessionObserver = {
    closed: (by: ClosedBy): void => {
      this.closed.push(by);
      this.#whenClosed();
    },
    handshakeFailed: (failure: Error): void => void this.handshakeFailures.push(failure.message),
    discarded: (octets: number): void => void this.discarded.push(octets),
    failed: (error: Error): void => void this.failures.push(error.message),
  };
}
