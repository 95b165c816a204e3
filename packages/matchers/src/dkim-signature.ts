// DKIM-Signature fields (RFC 6376 §3.5): what a signature says of itself. Whether it is true is for dkim-verification.ts.
import type { Message } from '@mailrig/fixture';

export interface DkimSignature {
  /** The signing domain, `d=`. */
  readonly domain: string;
  /** `s=` */
  readonly selector: string;
  /** `a=`, for example `rsa-sha256`. */
  readonly algorithm: string;
  /** The names of the fields that it covers, `h=`, in lower case. */
  readonly fields: readonly string[];
  /** The signature itself, `b=`, without white space. */
  readonly value: string;
  /** What makes it invalid whatever its key says (RFC 6376 §6.1.1, RFC 8301 §3.1), in words. */
  readonly defect: string | undefined;
}

export function signaturesOf(message: Message): readonly DkimSignature[] {
  return message.headerValues('DKIM-Signature').map(readSignature);
}

/** Where the key of a signature is found in the DNS (RFC 6376 §3.6.2.1), in lower case. */
export function keyNameOf({ domain, selector }: DkimSignature): string {
  return `${selector}._domainkey.${domain}`.toLowerCase();
}

function readSignature(field: string): DkimSignature {
  const tags = readTags(field);
  const tag = (name: string): string => tags.get(name)?.replaceAll(/\s/g, '') ?? '';
  const fields = tag('h').toLowerCase().split(':');
  return {
    domain: tag('d'),
    selector: tag('s'),
    algorithm: tag('a'),
    fields,
    value: tag('b'),
    defect: defectOf(tags, fields),
  };
}

/** RFC 6376 §3.2. */
function readTags(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(';').flatMap((spec): [string, string][] => {
      const equals = spec.indexOf('=');
      return equals === -1 ? [] : [[spec.slice(0, equals).trim(), spec.slice(equals + 1).trim()]];
    }),
  );
}

const ALGORITHMS: ReadonlySet<string> = new Set(['rsa-sha256', 'ed25519-sha256']);
const CANONICALIZATION = /^(?:simple|relaxed)(?:\/(?:simple|relaxed))?$/i;
const REQUIRED = ['v', 'a', 'b', 'bh', 'd', 'h', 's'] as const;

function defectOf(tags: ReadonlyMap<string, string>, fields: readonly string[]): string | undefined {
  const missing = REQUIRED.find((name) => (tags.get(name) ?? '') === '');
  if (missing !== undefined) return `it has no ${missing}= tag`;
  if (tags.get('v') !== '1') return 'its version is not 1';
  const algorithm = tags.get('a')!.toLowerCase();
  if (algorithm === 'rsa-sha1') return 'rsa-sha1 proves nothing any more (RFC 8301 §3.1)';
  if (!ALGORITHMS.has(algorithm)) return 'its a= names no algorithm that is known';
  if (!CANONICALIZATION.test(tags.get('c') ?? 'simple')) return 'its c= names no canonicalization that is known';
  if (!fields.includes('from')) return 'it does not cover the From field';
  const identity = tags.get('i')?.replace(/^.*@/s, '').toLowerCase();
  const domain = tags.get('d')!.toLowerCase();
  if (identity !== undefined && identity !== domain && !identity.endsWith(`.${domain}`)) {
    return 'its i= is not of the domain in its d=';
  }
  return undefined;
}
