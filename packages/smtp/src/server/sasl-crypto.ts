// The cryptography of SASL mechanisms, by node:crypto.
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SaslCrypto } from '../session/sasl/mechanism.ts';

export const saslCrypto: SaslCrypto = {
  randomBytes: (size) => randomBytes(size),
  hash: (algorithm, octets) => createHash(algorithm).update(octets).digest(),
  hmac: (algorithm, key, octets) => createHmac(algorithm, key).update(octets).digest(),
  pbkdf2: (algorithm, password, salt, iterations, length) => pbkdf2Sync(password, salt, iterations, length, algorithm),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
};
