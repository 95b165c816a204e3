// The server's side of TLS, for STARTTLS and for implicit TLS alike.
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext, type TLSSocketOptions } from 'node:tls';
import type { Clock } from './clock.ts';

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
  /** Whether that certificate was verified. */
  readonly clientAuthorized: boolean;
}

/** How long a handshake may take, in milliseconds. */
export interface HandshakePatience {
  readonly clock: Clock;
  readonly handshakeTimeout: number;
}

/** Begins a handshake on an accepted socket; `settle` is called once. */
export function beginHandshake(
  socket: Socket,
  material: TlsMaterial,
  patience: HandshakePatience,
  settle: (failure: Error | null) => void,
): TLSSocket {
  const secureSocket = new TLSSocket(socket, {
    ...material.options,
    secureContext: material.secureContext,
    isServer: true,
  });
  awaitHandshake(secureSocket, patience, (failure) => {
    if (failure !== null) return settle(socket.bytesRead === 0 ? leftWithoutAWord(failure) : failure);
    const mistrust = judgeClientCertificate(secureSocket, material);
    settle(material.options?.rejectUnauthorized === false ? null : mistrust);
  });
  return secureSocket;
}

/** As one does that waits for a greeting in clear text, or only looks whether the port is open. */
function leftWithoutAWord(failure: Error): Error {
  return 'reason' in failure ? failure : Object.assign(failure, { reason: 'the client left without a word' });
}

/** Awaits the end of a handshake that somebody has begun; `settle` is called once. */
export function awaitHandshake(
  socket: TLSSocket,
  { clock, handshakeTimeout }: HandshakePatience,
  settle: (failure: Error | null) => void,
): void {
  let settled = false;
  const once = (failure: Error | null): void => {
    if (settled) return;
    settled = true;
    cancel();
    settle(failure);
  };
  const cancel = clock.after(handshakeTimeout, () => once(handshakeTimedOut()));
  socket.once('secure', () => once(null));
  // Node tells a server's socket of errors by this event alone; tls.Server itself relies on it, until the handshake is done. What
  // comes later, a record that is none or renegotiation without an end, leaves the socket open unless it is closed here.
  socket.on('_tlsError', (error: Error) => (settled ? void socket.destroy(error) : once(error)));
  socket.on('error', (error) => once(error));
  // A half-open socket is not closed by the client's leaving, so that both count.
  const left = (): void => once(new Error('the client left during the TLS handshake'));
  socket.once('end', left);
  socket.once('close', left);
}

/** In the form that OpenSSL's failures have, with the code of `tls.Server`. */
export function handshakeTimedOut(): Error {
  const reason = 'the client did not finish it in time';
  return Object.assign(new Error('TLS handshake timed out'), { code: HANDSHAKE_TIMED_OUT, reason });
}

export const HANDSHAKE_TIMED_OUT = 'ERR_TLS_HANDSHAKE_TIMEOUT';

/**
 * OpenSSL takes note of what is wrong with a client's certificate, and leaves it to the server to refuse it. A socket of our own
 * making does not know it either, until it is told as `tls.Server` tells its own.
 */
function judgeClientCertificate(socket: TLSSocket, { options = {} }: TlsMaterial): Error | null {
  if (options.requestCert !== true) return null;
  const failure = verificationFailure(socket);
  socket.authorized = failure === null;
  // Its type says Error; Node has the code there.
  if (failure !== null)
    socket.authorizationError = ((failure as NodeJS.ErrnoException).code ?? failure.message) as never;
  return failure && Object.assign(failure, { reason: `the client's certificate was not accepted: ${failure.message}` });
}

/** What OpenSSL has against the client's certificate. `tls.Server` asks the same handle: there is no other way to know. */
export function verificationFailure(socket: TLSSocket): Error | null {
  const { _handle } = socket as unknown as { readonly _handle: { verifyError(): Error | null | undefined } };
  return _handle.verifyError() ?? null;
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
    clientAuthorized: socket.authorized,
  };
}
