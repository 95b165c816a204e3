// Paths and mailboxes by the grammar of RFC 5321 §4.1.2, with UTF-8 by RFC 6531 §3.3.

/** A mailbox as it was spelled. */
export interface Mailbox {
  /** For example `ann@example.org` or `"a b"@[192.0.2.1]`; `postmaster` stands alone. */
  readonly address: string;
  readonly localPart: string;
  /** A domain or an address literal in its brackets; `''` for `<postmaster>`. */
  readonly domain: string;
}

/** The sender of a transaction; `null` is the null reverse-path `<>` (RFC 5321 §4.5.5). */
export type ReversePath = Mailbox | null;

/** A path, and what follows it: the parameters. */
export interface PathAndRest<P> {
  readonly path: P;
  readonly rest: string;
}

// RFC 5321 §4.5.3.1.1 to .3, in octets.
const LOCAL_PART_LIMIT = 64;
const DOMAIN_LIMIT = 255;
const PATH_LIMIT = 256;

// Without U+FFFD, which stands for octets that are no UTF-8.
const UTF8 = '\\u0080-\\ufffc\\u{10000}-\\u{10ffff}';
const ATOM = `[\\w!#$%&'*+/=?^\`{|}~${UTF8}-]+`;
const DOT_STRING = `${ATOM}(?:\\.${ATOM})*`;
// Quoted-string = DQUOTE *QcontentSMTP DQUOTE
const QUOTED_STRING = `"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e${UTF8}]|\\\\[\\x20-\\x7e])*"`;
// sub-domain = Let-dig [Ldh-str]; an underscore is no letter, yet host names in use have it.
const SUB_DOMAIN = `[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}\\p{M}_-]*[\\p{L}\\p{N}\\p{M}_])?`;
const DOMAIN = `${SUB_DOMAIN}(?:\\.${SUB_DOMAIN})*`;
const ADDRESS_LITERAL = '\\[[\\x21-\\x5a\\x5e-\\x7e]+\\]';
// A-d-l = At-domain *( "," At-domain ) ":"
const SOURCE_ROUTE = `@${DOMAIN}(?:,@${DOMAIN})*:`;

const PATH = new RegExp(`^<(?:${SOURCE_ROUTE})?(${DOT_STRING}|${QUOTED_STRING})@(${DOMAIN}|${ADDRESS_LITERAL})>`, 'u');
const POSTMASTER = /^<(postmaster)>/i;

/** Reads what follows `MAIL FROM:`; `undefined` where it is no Reverse-path. */
export function readReversePath(text: string): PathAndRest<ReversePath> | undefined {
  if (text.startsWith('<>')) return withRest(null, text, 2);
  return readPath(text);
}

/** Reads what follows `RCPT TO:`; `undefined` where it is no Forward-path. RFC 5321 §4.1.1.3: `<postmaster>` needs no domain. */
export function readForwardPath(text: string): PathAndRest<Mailbox> | undefined {
  const postmaster = POSTMASTER.exec(text);
  if (postmaster === null) return readPath(text);
  const address = postmaster[1]!;
  return withRest({ address, localPart: address, domain: '' }, text, postmaster[0].length);
}

/** Whether a mailbox needs SMTPUTF8 (RFC 6531). */
export function isInternationalized(mailbox: Mailbox): boolean {
  return /[^\0-\x7f]/.test(mailbox.address);
}

function readPath(text: string): PathAndRest<Mailbox> | undefined {
  const match = PATH.exec(text);
  if (match === null) return undefined;
  const [whole, localPart, domain] = match as unknown as [string, string, string];
  const address = `${localPart}@${domain}`;
  if (
    Buffer.byteLength(localPart) > LOCAL_PART_LIMIT ||
    Buffer.byteLength(domain) > DOMAIN_LIMIT ||
    Buffer.byteLength(address) + 2 > PATH_LIMIT
  ) {
    return undefined;
  }
  return withRest({ address, localPart, domain }, text, whole.length);
}

/** Parameters are separated from the path by a space, or are not there. */
function withRest<P>(path: P, text: string, length: number): PathAndRest<P> | undefined {
  if (length < text.length && text[length] !== ' ') return undefined;
  return { path, rest: text.slice(length + 1) };
}
