// The server's side of TLS, for STARTTLS and for implicit TLS alike.
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext, type TLSSocketOptions } from 'node:tls';

/** What handshakes use. */
export interface TlsMaterial {
  readonly secureContext: SecureContext;
  /** Further options of `tls.TLSSocket`: SNICallback, requestCert, ALPNProtocols … */
  readonly options?: Omit<TLSSocketOptions, 'secureContext' | 'isServer'>;
}

/** What was negotiated. */
export interface TlsSession {
  readonly mode: 'starttls' | 'implicit';
  /** For example `TLSv1.3`. */
  readonly version: string;
  /** The cipher suite's name as OpenSSL has it, and its standard name. */
  readonly cipher: { readonly name: string; readonly standardName: string };
  /** The name asked for by SNI. */
  readonly servername: string | null;
  /** The common name of the client's certificate. */
  readonly clientCertificate: string | null;
}

/** Begins a handshake on an accepted socket; `settle` is called once. The caller sees to the time limit. */
export function beginHandshake(
  socket: Socket,
  material: TlsMaterial,
  settle: (failure: Error | null) => void,
): TLSSocket {
  const secureSocket = new TLSSocket(socket, {
    ...material.options,
    secureContext: material.secureContext,
    isServer: true,
  });
  let settled = false;
  const once = (failure: Error | null): void => {
    if (settled) return;
    settled = true;
    settle(failure);
  };
  secureSocket.once('secure', () => once(clientCertificateFailure(secureSocket, material)));
  // Before the handshake is done Node tells a server's socket of errors by this event alone; tls.Server itself relies on it.
  secureSocket.on('_tlsError', (error: Error) => once(error));
  secureSocket.on('error', (error) => once(error));
  // A half-open socket is not closed by the client's leaving, so that both count.
  const left = (): void => once(new Error('the client left during the TLS handshake'));
  secureSocket.once('end', left);
  secureSocket.once('close', left);
  return secureSocket;
}

/** OpenSSL takes note of what is wrong with a client's certificate, and leaves it to the server to refuse it. */
function clientCertificateFailure(socket: TLSSocket, { options = {} }: TlsMaterial): Error | null {
  if (options.requestCert !== true || options.rejectUnauthorized === false) return null;
  // tls.Server itself asks this handle: a socket of our own making has no `authorized`.
  return (socket as unknown as { readonly _handle: TlsHandle })._handle.verifyError() ?? null;
}

interface TlsHandle {
  verifyError(): Error | null | undefined;
}

export function describeTls(socket: TLSSocket, mode: TlsSession['mode']): TlsSession {
  const { name, standardName } = socket.getCipher();
  const commonName = socket.getPeerCertificate()?.subject?.CN;
  return {
    mode,
    version: socket.getProtocol() ?? 'unknown',
    cipher: { name, standardName },
    // Node has `false` here where the client asked for no name.
    servername: (socket as { servername?: string | false }).servername || null,
    clientCertificate: (Array.isArray(commonName) ? commonName[0] : commonName) ?? null,
  };
}
