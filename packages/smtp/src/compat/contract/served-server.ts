// A server of one case, on a port that the system chose, with its clients: all of them gone when the case ends.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { WireClient } from '../../testing/wire-client.ts';
import { builtInCertificate, builtInKey } from '../built-in-certificate.ts';
import { closed } from './closed.ts';
import type { ContractServer } from './contract-server.ts';

/** Where servers listen, and where their clients come from. */
export const HOST = '127.0.0.1';

/** For localhost. */
export const IDENTITY = { key: builtInKey, cert: builtInCertificate } as const;

export class ServedServer implements AsyncDisposable {
  readonly server: ContractServer;
  readonly host = HOST;
  readonly port: number;
  /** Trusts `IDENTITY`. */
  readonly ca: string = builtInCertificate;
  /** What the server emitted as `error`. */
  readonly errors: Error[] = [];
  readonly #accepted = new Set<Socket>();

  private constructor(server: ContractServer) {
    this.server = server;
    this.port = (server.server.address() as AddressInfo).port;
    server.on('error', (error) => this.errors.push(error));
    server.server.on('connection', (socket) => {
      this.#accepted.add(socket);
      socket.once('close', () => this.#accepted.delete(socket));
    });
  }

  static async listening(server: ContractServer): Promise<ServedServer> {
    await once(server.listen(0, HOST), 'listening');
    return new ServedServer(server);
  }

  /** A client that has read the greeting and the replies to the lines given. */
  async client(...lines: string[]): Promise<WireClient> {
    const client = await WireClient.greeted(this);
    for (const line of lines) await client.ask(line);
    return client;
  }

  /** A client that has read nothing yet. */
  connected(): Promise<WireClient> {
    return WireClient.connected(this);
  }

  /** A client of a server with implicit TLS, that has read nothing yet. */
  secured(): Promise<WireClient> {
    return WireClient.secured(this, this.ca);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { server } = this;
    // smtp-server waits for its clients before it calls back.
    // It has removed all listeners of a socket that went over to TLS.
    const open = [...this.#accepted].filter((socket) => !socket.closed);
    const gone = open.map((socket) => once(socket.destroy(), 'close'));
    await Promise.all(gone);
    if (server.server.listening) await closed(server);
  }
}
