// TLS as the client of a case does it, the server's certificate verified.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { internationalIdentity, mailIdentity } from '../testing/identities.ts';
import { EHLO } from './contract-client.ts';
import type { ContractServer, ContractSession } from './contract-server.ts';
import { IDENTITY, type ServedServer } from './served-server.ts';

export type TlsMode = 'implicit TLS' | 'STARTTLS';

export const TLS_MODES: readonly TlsMode[] = ['implicit TLS', 'STARTTLS'];

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

export const MAIL_HOST = 'mail.example.org';
export const INTERNATIONAL_HOST = 'xn--bcher-kva.example';

/** What a client that wants one of these hosts asks for, and trusts. */
export const toMail: ConnectionOptions = { ca: mailIdentity.cert, servername: MAIL_HOST };
export const toInternational: ConnectionOptions = { ca: internationalIdentity.cert, servername: INTERNATIONAL_HOST };

/** For a server of localhost. */
export function tlsOptions(mode: TlsMode): { secure: boolean; key: string; cert: string } {
  return { secure: mode === 'implicit TLS', ...IDENTITY };
}

/**
 * A socket after its handshake, over which the server has something to say: its greeting, or the reply to a NOOP.
 * @throws what made the handshake fail.
 */
export async function handshake(
  served: ServedServer,
  mode: TlsMode,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const connection = once(served.server.server, 'connection') as Promise<[Socket]>;
  const clear = mode === 'STARTTLS' ? await served.client(EHLO, 'STARTTLS') : await served.connected();
  const [accepted] = await connection;
  const socket = connect({
    socket: clear.socket.removeAllListeners(),
    ca: served.ca,
    servername: 'localhost',
    ...options,
  });
  socket.on('error', () => {});
  // Node 20 crashes where a socket is destroyed under a handshake, as it would be if the case ended before the server's part.
  try {
    await once(socket, 'secureConnect');
    if (mode === 'STARTTLS') socket.write('NOOP\r\n');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  } catch (error) {
    if (!accepted.destroyed) await once(accepted, 'close');
    throw error;
  }
  return socket;
}

/** Whether SMTP is spoken over it. */
export async function isServed(socket: TLSSocket): Promise<boolean> {
  return /^2[25]0 /.test(await readReply(socket));
}

/** Whether a client that verifies the certificate is served. */
export async function reaches(served: ServedServer, mode: TlsMode, options?: ConnectionOptions): Promise<boolean> {
  try {
    return await isServed(await handshake(served, mode, options));
  } catch {
    return false;
  }
}

/** What the server says next; what there is of it when the connection closes. */
export function readReply(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const read = (octets: Buffer): void => {
      received += octets.toString('latin1');
      if (/^\d{3} .*\r\n/m.test(received)) end();
    };
    const end = (): void => {
      socket.off('data', read).off('close', end);
      resolve(received);
    };
    socket.on('data', read).on('close', end);
    if (socket.destroyed) end();
  });
}

export function nextError(server: ContractServer): Promise<Error> {
  return new Promise((resolve) => server.once('error', resolve));
}

/** What a session tells about its TLS. */
export function tlsView({ secure, transmissionType, tlsOptions: cipher, servername }: ContractSession): object {
  return { secure, transmissionType, tlsOptions: cipher, servername };
}
