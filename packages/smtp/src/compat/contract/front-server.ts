import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls, Server as TlsServer, type TLSSocket } from 'node:tls';
import { WireClient } from '../../testing/wire-client.ts';
import { say } from './contract-client.ts';
import type { ContractConnect, ContractOptions, ContractServer } from './contract-server.ts';
import type { ContractCase } from './describe-server-contract.ts';
import { HOST, IDENTITY } from './served-server.ts';

/** Accepts sockets, and hands them to a server that does not listen. */
export class FrontServer implements AsyncDisposable {
  readonly server: ContractServer;
  readonly host = HOST;
  readonly port: number;
  /** Those of the connect event. */
  readonly clients: ContractConnect[] = [];
  readonly #front: Server;
  readonly #sockets: Socket[] = [];

  private constructor(server: ContractServer, front: Server) {
    this.server = server;
    this.port = (front.address() as AddressInfo).port;
    this.#front = front;
    server.on('connect', (client) => this.clients.push(client));
    server.on('error', () => {});
  }

  /** @param given what the server is told of the sockets. */
  static async of(
    t: ContractCase,
    options: ContractOptions = {},
    given?: Parameters<ContractServer['connect']>[1],
    front: Server = createServer(),
  ): Promise<FrontServer> {
    const server = t.newServer({ authOptional: true, disableReverseLookup: true, logger: false, ...options });
    front.on(front instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) =>
      server.connect(socket, given),
    );
    await once(front.listen(0, HOST), 'listening');
    return new FrontServer(server, front);
  }

  /** A client that has read the greeting and the replies to the lines given. */
  async client(...lines: string[]): Promise<WireClient> {
    const client = await WireClient.greeted(this);
    this.#sockets.push(client.socket);
    await say(client, ...lines);
    return client;
  }

  /** A client after its handshake. */
  async handshake(): Promise<TLSSocket> {
    const { host, port } = this;
    const socket = connectTls({ host, port, ca: IDENTITY.cert, servername: 'localhost' });
    this.#sockets.push(socket.on('error', () => {}));
    await once(socket, 'secureConnect');
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#front.close(resolve));
  }
}
