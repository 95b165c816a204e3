// Stands between clients and a server, and cuts each connection after so many octets of the client's side. Under TLS a client
// can't do that itself: it does not know its own octets.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How a client goes: it says that it has nothing more to say (FIN), or is gone (RST). */
export type CutBy = 'FIN' | 'RST';

export interface Cut {
  readonly by: CutBy;
  /** Octets of the client that pass. */
  readonly after: number;
}

/** Cuts a client's side. */
export function cut(socket: Socket, by: CutBy): void {
  if (by === 'FIN') socket.end();
  else socket.resetAndDestroy();
}

export class CuttingRelay implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param passed Told of the octets of each client, all that have passed so far. */
  static async start(
    target: { readonly host: string; readonly port: number },
    at: Cut,
    passed: (octets: number) => void = () => {},
  ): Promise<CuttingRelay> {
    const server = createServer(
      { allowHalfOpen: true, noDelay: true },
      (client) => void join(client, target, at, passed),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingRelay(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function join(
  client: Socket,
  target: { readonly host: string; readonly port: number },
  { after, by }: Cut,
  passed: (octets: number) => void,
): Promise<void> {
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
  for (const socket of [client, server]) socket.on('error', () => {});
  server.on('close', () => client.destroy());
  client.on('close', () => server.destroy());
  server.on('data', (octets: Buffer) => client.write(octets));
  server.on('end', () => client.end());
  // What is written before the connection is there would be lost by a reset.
  await once(server, 'connect');
  let count = 0;
  client.on('data', (octets: Buffer) => {
    const piece = octets.subarray(0, after - count);
    if (piece.length === 0) return;
    count += piece.length;
    server.write(piece);
    passed(count);
    if (count === after) cut(server, by);
  });
  client.on('end', () => server.end());
}
