// What differs from run to run in recorded mail, replaced by what does not.

/**
 * A text without what a run makes up, for snapshots: message identifiers, dates of header fields, MIME boundaries, the unique part of
 * an inbox's address, ports of loopback addresses, the name that a client gives in EHLO, and sizes, which depend on all these. What
 * has none of them comes back as it is; so does what has been steadied.
 *
 * @param text A raw message, a transcript, a URL, or any other text.
 * @example
 * ```ts
 * steady('Message-ID: <4711@shop.example>'); // Message-ID: <message-id>
 * steady('signup.3f2a9c01-1@inbox.test'); // signup@inbox.test
 * ```
 */
export function steady(text: string): string {
  return RULES.reduce(
    (steadied, [pattern, replacement]) => steadied.replace(pattern, replacement),
    plainIdentifiers(plainBoundaries(text)),
  );
}

/** What stands for a value of a run, where it is not in a text. */
export const STEADY = { client: '<client>', date: '<date>', messageId: '<message-id>', size: '<size>' } as const;

// RFC 5322 §3.3 and §3.6.1; a field may be folded before its value (§2.2.3).
const DATE = String.raw`(?:[A-Z][a-z]{2}, *)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|[A-Z]{1,5})(?: *\([^)]*\))?`;
const DATE_FIELD = new RegExp(String.raw`^((?:Resent-)?Date:(?:\r?\n)?[ \t]*)${DATE}(?=\s*$)`, 'gim');

// A client's verbs and keywords are in any case (RFC 5321 §2.4).
const RULES: readonly (readonly [RegExp, string])[] = [
  [DATE_FIELD, `$1${STEADY.date}`],
  [/([a-z\d][a-z\d.-]*)\.[\da-f]{8}-\d+@inbox\.test/gi, '$1@inbox.test'],
  [/(127\.0\.0\.1|\[::1\]|localhost):\d+/g, '$1:<port>'],
  [/((?:127\.0\.0\.1|::1) port) \d+/g, '$1 <port>'],
  [/^(C: (?:EHLO|HELO|LHLO)) \S+/gim, `$1 ${STEADY.client}`],
  [/^(S: 250[ -]\S+ greets) \S+/gm, `$1 ${STEADY.client}`],
  [/^(C: MAIL FROM:.* SIZE=)\d+/gim, `$1${STEADY.size}`],
  [/^(C: BDAT) \d+/gim, `$1 ${STEADY.size}`],
  [/^(\* )\d+(?= octets? of content)/gm, `$1${STEADY.size}`],
];

// RFC 5322 §3.6.4
const IDENTIFIERS = /^(?:(?:Resent-)?Message-ID|In-Reply-To|References):(?:[^\r\n]|\r?\n[ \t])*/gim;

function plainIdentifiers(text: string): string {
  return text.replace(IDENTIFIERS, (field) => field.replace(/<[^<>\s]+>/g, STEADY.messageId));
}

/** Boundaries named `boundary-1` and so on, as they are declared (RFC 2046 §5.1.1). */
function plainBoundaries(text: string): string {
  const declared = [...text.matchAll(/\bboundary=(?:"([^"\r\n]+)"|([^\s;"]+))/gi)].map(
    ([, quoted, bare]) => quoted ?? bare!,
  );
  const boundaries = [...new Set(declared)];
  if (boundaries.length === 0) return text;
  // Where they delimit or are declared only: one may be a word of the text, or the beginning of another.
  const pattern = new RegExp(
    String.raw`(^--|\bboundary="?)(${boundaries.map(escaped).join('|')})(?=(?:--)?\s*$|[";])`,
    'gim',
  );
  return text.replace(
    pattern,
    (_, before: string, boundary: string) => `${before}boundary-${boundaries.indexOf(boundary) + 1}`,
  );
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|-]/g, String.raw`\$&`);
}
