// Signs messages as RFC 6376 says, each way that nodemailer can't.
import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';

export interface SignatureParts {
  readonly key: KeyObject | string;
  /** @defaultValue by the key */
  readonly algorithm?: string;
  /** @defaultValue 'relaxed/relaxed' */
  readonly canonicalization?: string;
  /** Further tags, or others: `{ x: '1', l: '5' }`. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly domain?: string;
  readonly selector?: string;
  /** @defaultValue From, To and Subject */
  readonly fields?: readonly string[];
}

/** The message with its signature before it. Lines end with CRLF, and no header field is folded. */
export function signed(raw: string, parts: SignatureParts): string {
  const { canonicalization = 'relaxed/relaxed', domain = 'shop.example', selector = 'mail', tags = {} } = parts;
  const { fields = ['from', 'to', 'subject'] } = parts;
  const key = typeof parts.key === 'string' ? createPrivateKey(parts.key) : parts.key;
  const { algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256' } = parts;
  const [headerWay, bodyWay] = canonicalization.split('/') as [Way, Way];
  const [header, body] = split(raw);
  const octets = Buffer.from(canonicalBody(body, bodyWay)).subarray(
    0,
    tags['l'] === undefined ? undefined : Number(tags['l']),
  );
  const hash = algorithm.endsWith('sha1') ? 'sha1' : 'sha256';
  const list = {
    v: '1',
    a: algorithm,
    c: canonicalization,
    d: domain,
    s: selector,
    ...tags,
    h: fields.join(':'),
    bh: createHash(hash).update(octets).digest('base64'),
    b: '',
  };
  const unsigned = `DKIM-Signature: ${Object.entries(list)
    .map((tag) => tag.join('='))
    .join('; ')}`;
  const lines = fields.flatMap((name) => header.findLast((line) => nameOf(line) === name.toLowerCase()) ?? []);
  const covered = [
    ...lines.map((line) => `${canonicalField(line, headerWay)}\r\n`),
    canonicalField(unsigned, headerWay),
  ];
  const text = Buffer.from(covered.join(''));
  // RFC 8463 §3: Ed25519 signs the hash.
  const value =
    key.asymmetricKeyType === 'rsa'
      ? sign(hash, text, key)
      : sign(null, createHash('sha256').update(text).digest(), key);
  return `${unsigned}${value.toString('base64')}\r\n${raw}`;
}

type Way = 'relaxed' | 'simple';

function split(raw: string): [header: string[], body: string] {
  const end = raw.indexOf('\r\n\r\n');
  return [raw.slice(0, end).split('\r\n'), raw.slice(end + '\r\n\r\n'.length)];
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':')).trim().toLowerCase();
}

/** RFC 6376 §3.4.1, §3.4.2. */
function canonicalField(line: string, way: Way): string {
  if (way === 'simple') return line;
  const value = line.slice(line.indexOf(':') + 1).replaceAll(/[\t ]+/g, ' ');
  return `${nameOf(line)}:${value.trim()}`;
}

/** RFC 6376 §3.4.3, §3.4.4. */
function canonicalBody(body: string, way: Way): string {
  const lines = way === 'simple' ? body : body.replaceAll(/[\t ]+/g, ' ').replaceAll(/ (?=\r\n|$)/g, '');
  const text = lines.replace(/(?:\r\n)*$/, '');
  return text === '' && way === 'relaxed' ? '' : `${text}\r\n`;
}
