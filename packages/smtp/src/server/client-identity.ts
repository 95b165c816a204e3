// Whose certificate a client has shown, for EXTERNAL (RFC 4422 appendix A).
import type { TLSSocket } from 'node:tls';
import { verificationFailure } from './tls.ts';

/**
 * The first e-mail address among the certificate's alternative names (RFC 5280 §4.2.1.6), or else its common name; `null` where the
 * certificate was not verified, or there is none.
 */
export function clientIdentityOf(socket: TLSSocket): string | null {
  if (socket.destroyed || verificationFailure(socket) !== null) return null;
  const { subject, subjectaltname } = socket.getPeerCertificate();
  const commonName = subject?.CN;
  return emailAmong(subjectaltname ?? '') ?? ((Array.isArray(commonName) ? commonName[0] : commonName) || null);
}

/** The first e-mail address in Node's text for alternative names: `DNS:client, email:ann@example.org`. */
function emailAmong(alternativeNames: string): string | undefined {
  // Node writes a name with a comma in it as JSON does, the comma escaped, so that none comes between names but its own.
  const email = alternativeNames
    .split(', ')
    .find((name) => name.startsWith(EMAIL))
    ?.slice(EMAIL.length);
  return email?.startsWith('"') ? String(JSON.parse(email)) : email;
}

const EMAIL = 'email:';
