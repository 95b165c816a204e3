// The algorithm of SCRAM, RFC 5802 §3, on the server's side.
import type { SaslCrypto, SaslHash } from './mechanism.ts';
import { prepareString } from './saslprep.ts';

/** What a client has proved, if it knew the password. */
export interface ScramProof {
  readonly salt: Buffer;
  readonly iterations: number;
  /** The messages of both sides. */
  readonly authMessage: string;
  readonly proof: Buffer;
}

/** The server's signature where the proof was made with this password; `undefined` where it was not. */
export function signProof(
  crypto: SaslCrypto,
  hash: SaslHash,
  { salt, iterations, authMessage, proof }: ScramProof,
  password: string,
): Buffer | undefined {
  const prepared = prepareString(password);
  // No client could have prepared it either.
  if (prepared === undefined) return undefined;
  const saltedPassword = crypto.pbkdf2(hash, prepared, salt, iterations, proof.length);
  const clientKey = crypto.hmac(hash, saltedPassword, 'Client Key');
  const storedKey = crypto.hash(hash, clientKey);
  const clientSignature = crypto.hmac(hash, storedKey, authMessage);
  const provedKey = clientSignature.map((octet, index) => octet ^ proof[index]!);
  if (!crypto.equal(crypto.hash(hash, Buffer.from(provedKey)), storedKey)) return undefined;
  return crypto.hmac(hash, crypto.hmac(hash, saltedPassword, 'Server Key'), authMessage);
}
