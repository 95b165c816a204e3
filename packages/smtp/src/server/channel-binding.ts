// Channel binding data (RFC 5056) of a TLS connection, on the server's side.
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** The data of that type; `undefined` where this connection has none. The handshake is done. */
export function channelBindingOf(socket: TLSSocket, type: string): Buffer | undefined {
  if (type === 'tls-exporter') return exporterOf(socket);
  if (type === 'tls-server-end-point') return endPointOf(socket);
  // RFC 9266 §1: `tls-unique` is not defined for TLS 1.3, and broken before it.
  return undefined;
}

/** RFC 5929 §4.1: the certificate's hash, by the hash function of its signature; `undefined` where that has none of its own. */
export function hashCertificate(certificate: Buffer): Buffer | undefined {
  const algorithm = HASH_BY_SIGNATURE[readSignatureAlgorithm(certificate)];
  return algorithm === undefined ? undefined : createHash(algorithm).update(certificate).digest();
}

function exporterOf(socket: TLSSocket): Buffer | undefined {
  // RFC 9266 §4.2: before TLS 1.3 it takes the extended master secret, and Node does not tell whether that was negotiated.
  if (socket.getProtocol() !== 'TLSv1.3') return undefined;
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
}

function endPointOf(socket: TLSSocket): Buffer | undefined {
  const certificate = socket.getCertificate();
  return certificate !== null && 'raw' in certificate ? hashCertificate(certificate.raw) : undefined;
}

/** By object identifier, encoded. RFC 5929 §4.1 has SHA-256 in the place of MD5 and SHA-1. */
const HASH_BY_SIGNATURE: Readonly<Record<string, string>> = {
  // RFC 8017 appendix C: 1.2.840.113549.1.1.*, with RSA
  '2a864886f70d010104': 'sha256',
  '2a864886f70d010105': 'sha256',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  // RFC 5758 §3.2: 1.2.840.10045.4.*, with ECDSA
  '2a8648ce3d0401': 'sha256',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};

/** RFC 5280 §4.1: Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { algorithm OBJECT IDENTIFIER, … }, … } */
function readSignatureAlgorithm(certificate: Buffer): string {
  const tbsCertificate = contentAt(certificate, contentAt(certificate, 0).start);
  const signatureAlgorithm = contentAt(certificate, tbsCertificate.end);
  const { start, end } = contentAt(certificate, signatureAlgorithm.start);
  return certificate.toString('hex', start, end);
}

/** Where the content of the DER element at an offset lies (X.690 §8.1.3). OpenSSL has read the certificate before: it is DER. */
function contentAt(der: Buffer, offset: number): { readonly start: number; readonly end: number } {
  const length = der[offset + 1] ?? 0;
  // The long form: so many octets of length follow.
  const more = length < 0x80 ? 0 : length & 0x7f;
  const start = offset + 2 + more;
  const size = more === 0 ? length : Number.parseInt(der.toString('hex', offset + 2, start), 16);
  return { start, end: start + size };
}
