// Paths and mailboxes by the grammar of RFC 5321 §4.1.2, with UTF-8 by RFC 6531 §3.3.
import { isAddressLiteral } from './address-literal.ts';

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

export interface PathOptions {
  /** Whether to take as an address what the grammar refuses: anything, an `@`, anything, all within angle brackets. */
  readonly lenient?: boolean;
}

// RFC 5321 §4.5.3.1.1 to .3, in octets.
const LOCAL_PART_LIMIT = 64;
const DOMAIN_LIMIT = 255;
const PATH_LIMIT = 256;
/** A path in a lenient reading, in octets. */
const LENIENT_LIMIT = 1_000;

/** The expressions of a grammar. */
interface Grammar {
  readonly path: RegExp;
  readonly domain: RegExp;
}

/** Classes of characters, without what makes them a class: those that RFC 6531 has more of than RFC 5321. */
interface Alphabet {
  /** In a local part, beyond ASCII. */
  readonly utf8: string;
  readonly letDig: string;
  /** In a label but not first, besides `letDig`. */
  readonly inLabels: string;
}

const ASCII = grammarOf({ utf8: '', letDig: 'A-Za-z\\d', inLabels: '' });
const INTERNATIONAL: Alphabet = {
  // Without control characters (RFC 5198 §2), and without U+FFFD, which stands for octets that are no UTF-8.
  utf8: '\\u00a0-\\ufffc\\u{10000}-\\u{10ffff}',
  letDig: '\\p{L}\\p{N}',
  // sub-domain =/ U-label, which may join letters by characters that are none (RFC 5892 §2.6, §2.8).
  inLabels: '\\p{M}\\u00b7\\u0375\\u05f3\\u05f4\\u06fd\\u06fe\\u0f0b\\u200c\\u200d\\u30fb',
};
/** Made when a text is not ASCII: its thousands of characters cost a process ten milliseconds, which most never need. */
let international: Grammar | undefined;

const NON_ASCII = /[^\0-\x7f]/;
const POSTMASTER = /^<(postmaster)>/i;
// RFC 1035 §2.3.4, in octets of an A-label; a U-label has fewer characters than that.
const LABEL_LIMIT = 63;
const LONG_LABEL = new RegExp(`[^.]{${LABEL_LIMIT + 1}}`, 'u');
const LENIENT_PATH = /^<([^\s\p{Cc}\ufffd<>@]+)@([^\s\p{Cc}\ufffd<>@]+)>/u;

/** Reads what follows `MAIL FROM:`; `undefined` where it is no Reverse-path. */
export function readReversePath(text: string, options: PathOptions = {}): PathAndRest<ReversePath> | undefined {
  if (text.startsWith('<>')) return withRest(null, text, 2);
  return readPath(text) ?? (options.lenient === true ? readLeniently(text) : undefined);
}

/** Reads what follows `RCPT TO:`; `undefined` where it is no Forward-path. RFC 5321 §4.1.1.3: `<postmaster>` needs no domain. */
export function readForwardPath(text: string, options: PathOptions = {}): PathAndRest<Mailbox> | undefined {
  return readPath(text) ?? readPostmaster(text) ?? (options.lenient === true ? readLeniently(text) : undefined);
}

/** Whether the text is a Domain, perhaps with U-labels (RFC 6531 §3.3). An address literal is none. */
export function isDomain(text: string): boolean {
  return match('domain', text) !== null && hasDomainLengths(text);
}

/** Whether a mailbox needs SMTPUTF8 (RFC 6531). */
export function isInternationalized(mailbox: Mailbox): boolean {
  return NON_ASCII.test(mailbox.address);
}

/** A text that two spellings of the same mailbox have in common, and no other mailbox. */
export function mailboxKey({ address, localPart, domain }: Mailbox): string {
  // Most are spelled like their key already: to put it together takes four times as long, and makes another text to keep.
  if (domain !== '' && !SPELLED_OTHERWISE.test(address)) return address;
  // RFC 5321 §4.1.2: all quoted forms of a local part are equivalent.
  const name = /^".*"$/s.test(localPart) ? localPart.slice(1, -1).replace(/\\(.)/gs, '$1') : localPart;
  // RFC 5321 §2.4: local parts are case sensitive, but for postmaster (§4.5.1); domains are not. A U-label is left as it is.
  const key = /^postmaster$/i.test(name) ? 'postmaster' : name;
  return `${key}@${domain.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())}`;
}

/** Quoted, or with a capital letter of ASCII. */
const SPELLED_OTHERWISE = /^"|[A-Z]/;

function match(what: keyof Grammar, text: string): RegExpExecArray | null {
  const found = ASCII[what].exec(text);
  if (found !== null || !NON_ASCII.test(text)) return found;
  international ??= grammarOf(INTERNATIONAL);
  return international[what].exec(text);
}

function grammarOf({ utf8, letDig, inLabels }: Alphabet): Grammar {
  const atom = `[\\w!#$%&'*+/=?^\`{|}~${utf8}-]+`;
  const dotString = `${atom}(?:\\.${atom})*`;
  // Quoted-string = DQUOTE *QcontentSMTP DQUOTE
  const quotedString = `"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e${utf8}]|\\\\[\\x20-\\x7e])*"`;
  // sub-domain = Let-dig [Ldh-str]
  const subDomain = `[${letDig}](?:[${letDig}${inLabels}-]*[${letDig}${inLabels}])?`;
  const domain = `${subDomain}(?:\\.${subDomain})*`;
  const brackets = '\\[[\\x21-\\x5a\\x5e-\\x7e]+\\]';
  // A-d-l = At-domain *( "," At-domain ) ":"
  const sourceRoute = `@${domain}(?:,@${domain})*:`;
  return {
    path: new RegExp(`^<(?:${sourceRoute})?(${dotString}|${quotedString})@(${domain}|${brackets})>`, 'u'),
    domain: new RegExp(`^${domain}$`, 'u'),
  };
}

function readPath(text: string): PathAndRest<Mailbox> | undefined {
  const found = match('path', text);
  if (found === null) return undefined;
  const [whole, localPart, domain] = found as unknown as [string, string, string];
  // RFC 5321 §4.5.3.1.3: a path is measured with its punctuation, a source route too.
  if (!fits(whole, PATH_LIMIT) || !fits(localPart, LOCAL_PART_LIMIT)) return undefined;
  if (domain.startsWith('[') ? !isAddressLiteral(domain) : !hasDomainLengths(domain)) return undefined;
  // The text that is there already: to put it together again would cost another.
  const address = whole.slice(-(localPart.length + domain.length + 2), -1);
  return withRest({ address, localPart, domain }, text, whole.length);
}

function readPostmaster(text: string): PathAndRest<Mailbox> | undefined {
  const match = POSTMASTER.exec(text);
  if (match === null) return undefined;
  const address = match[1]!;
  return withRest({ address, localPart: address, domain: '' }, text, match[0].length);
}

function readLeniently(text: string): PathAndRest<Mailbox> | undefined {
  const match = LENIENT_PATH.exec(text);
  if (match === null) return undefined;
  const [whole, localPart, domain] = match as unknown as [string, string, string];
  if (!fits(whole, LENIENT_LIMIT)) return undefined;
  return withRest({ address: `${localPart}@${domain}`, localPart, domain }, text, whole.length);
}

function hasDomainLengths(domain: string): boolean {
  return domain.length <= LABEL_LIMIT || (fits(domain, DOMAIN_LIMIT) && !LONG_LABEL.test(domain));
}

/** Whether the text has at most so many octets; most texts need not be measured, for a UTF-16 unit has three at most. */
function fits(text: string, octets: number): boolean {
  return text.length * 3 <= octets || Buffer.byteLength(text) <= octets;
}

/** Parameters are separated from the path by a space, or are not there. */
function withRest<P>(path: P, text: string, length: number): PathAndRest<P> | undefined {
  if (length < text.length && text[length] !== ' ') return undefined;
  return { path, rest: text.slice(length + 1) };
}
