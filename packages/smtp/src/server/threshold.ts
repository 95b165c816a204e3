// What a connection may have to get over before there are replies: an obstacle, a wait, a handshake; one at a time.
import type { TLSSocket } from 'node:tls';
import type { ConnectionSettings } from './connection-settings.ts';
import type { Ending, FaultScript, Obstacle } from './fault.ts';
import { holdsUp, meetObstacle, type WayOut } from './obstacle.ts';
import { openHandshake } from './open-handshake.ts';
import { awaitHandshake, type TlsSession } from './tls.ts';
import type { Transport } from './transport.ts';

/** Who stands on it. */
export interface ThresholdOwner {
  /** The client is cut off here. */
  cut(by: Ending): void;
  secured(socket: TLSSocket, mode: TlsSession['mode']): void;
  handshakeFailed(failure: Error): void;
}

export class Threshold {
  readonly #transport: Transport;
  readonly #settings: ConnectionSettings;
  readonly #owner: ThresholdOwner;
  #inHandshake = false;
  #heldUp = false;
  #callOff: (() => void) | undefined;

  constructor(transport: Transport, settings: ConnectionSettings, owner: ThresholdOwner) {
    this.#transport = transport;
    this.#settings = settings;
    this.#owner = owner;
  }

  get inHandshake(): boolean {
    return this.#inHandshake;
  }

  /** Whether a fault stands in the way, which may last. */
  get heldUp(): boolean {
    return this.#heldUp;
  }

  /** Meets with an obstacle; `go` is called when it is out of the way. */
  meet(obstacle: Obstacle, go: () => void): void {
    this.#heldUp = true;
    this.#callOff = meetObstacle(this.#transport.socket, obstacle, this.#settings.clock, this.#wayOut(go));
  }

  /** Calls `run` in so many milliseconds. */
  wait(milliseconds: number, run: () => void): void {
    this.#callOff = this.#settings.clock.after(milliseconds, run);
  }

  /** Takes over a socket whose handshake whoever accepted it has done, or begun. */
  adopt(socket: TLSSocket): void {
    // Whoever made the socket himself may find `secureConnecting` true for ever; and its type has it for clients only.
    const { secureConnecting } = socket as { readonly secureConnecting?: boolean };
    if (!secureConnecting || socket.getPeerFinished() !== undefined) return this.#owner.secured(socket, 'implicit');
    this.#inHandshake = true;
    awaitHandshake(socket, this.#settings, (failure) => this.#settled(socket, 'implicit', failure));
  }

  /** Begins a handshake on the socket, which nobody reads. */
  handshake(mode: TlsSession['mode'], faults: FaultScript | undefined): void {
    this.#inHandshake = true;
    this.#transport.guard(() => {
      const obstacle = faults?.handshake?.();
      this.#heldUp = holdsUp(obstacle);
      this.#callOff = openHandshake(this.#transport.socket, obstacle, this.#settings, {
        ...this.#wayOut(() => {}),
        begun: (socket) => {
          this.#heldUp = false;
          this.#transport.secure(socket);
        },
        settled: (socket, failure) => this.#settled(socket, mode, failure),
        failed: (error) => this.#transport.fail(error),
      });
    });
  }

  /** What is to come does not come any more. */
  callOff(): void {
    this.#callOff?.();
  }

  #settled(socket: TLSSocket, mode: TlsSession['mode'], failure: Error | null): void {
    if (failure !== null) return this.#owner.handshakeFailed(failure);
    this.#inHandshake = false;
    this.#owner.secured(socket, mode);
  }

  #wayOut(go: () => void): WayOut {
    return {
      go: () => {
        this.#heldUp = false;
        this.#transport.guard(go);
      },
      cut: (by) => this.#owner.cut(by),
      gone: () => this.#transport.destroy('client'),
    };
  }
}
