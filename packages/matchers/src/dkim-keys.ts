// The public keys that signatures are verified with: no DNS server is asked.
import { createPublicKey, KeyObject } from 'node:crypto';
import { isRecord } from './expectation.ts';

/** A public key: in PEM, as a KeyObject, or the text of its DNS record, `v=DKIM1; k=rsa; p=…` (RFC 6376 §3.6.1). A private key stands for its public one. */
export type DkimKey = string | KeyObject;

/** One key for all signatures, or each by the name of its DNS record, `selector._domainkey.domain`. */
export type DkimKeys = DkimKey | Readonly<Record<string, DkimKey>>;

/** Whether a value from a caller without types is {@link DkimKeys}. */
export function areDkimKeys(value: unknown): value is DkimKeys {
  if (isDkimKey(value)) return true;
  return isRecord(value) && Object.entries(value).every(([name, key]) => NAME.test(name) && isDkimKey(key));
}

/** The text of the DNS record of that name. */
export function findRecord(keys: DkimKeys, name: string): string | undefined {
  if (typeof keys === 'string' || keys instanceof KeyObject) return recordOf(keys);
  const entry = Object.entries(keys).find(([known]) => known.toLowerCase() === name);
  return entry && recordOf(entry[1]);
}

const NAME = /\._domainkey\./i;

function isDkimKey(value: unknown): value is DkimKey {
  return (typeof value === 'string' || value instanceof KeyObject) && recordOf(value) !== undefined;
}

function recordOf(key: DkimKey): string | undefined {
  if (typeof key === 'string' && !key.includes('-----BEGIN ')) return /(?:^|;)\s*p\s*=/.test(key) ? key : undefined;
  try {
    return printRecord(key instanceof KeyObject && key.type === 'public' ? key : createPublicKey(key));
  } catch {
    return undefined;
  }
}

/** RFC 6376 §3.6.1 has the key of RSA in its SubjectPublicKeyInfo, RFC 8463 §4 that of Ed25519 by itself. */
function printRecord(key: KeyObject): string | undefined {
  const info = key.export({ type: 'spki', format: 'der' });
  if (key.asymmetricKeyType === 'rsa') return `v=DKIM1; k=rsa; p=${info.toString('base64')}`;
  if (key.asymmetricKeyType !== 'ed25519') return undefined;
  return `v=DKIM1; k=ed25519; p=${info.subarray(-ED25519_OCTETS).toString('base64')}`;
}

const ED25519_OCTETS = 32;
