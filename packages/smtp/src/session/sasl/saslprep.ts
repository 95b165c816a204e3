// SASLprep (RFC 4013): names and passwords that look the same become the same before they are compared or hashed.

/**
 * Prepares a name or a password; `undefined` where it has characters that are prohibited. Unassigned code points may be in it, as
 * in any query (RFC 3454 §7).
 *
 * Left out is the check of bidirectional strings (RFC 3454 §6): it only tells a user of a misleading spelling, takes tables as long
 * as the rest of this layer, and RFC 8265 §4.2 has none for passwords. NFKC is that of today's Unicode, not of 3.2.
 */
export function prepareString(text: string): string | undefined {
  // RFC 4013 §2.1, §2.2
  const prepared = text.replace(SPACES, ' ').replace(MAPPED_TO_NOTHING, '').normalize('NFKC');
  return PROHIBITED.test(prepared) ? undefined : prepared;
}

/** RFC 3454 table C.1.2. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** RFC 3454 table B.1. */
const MAPPED_TO_NOTHING =
  // oxlint-disable-next-line no-misleading-character-class -- the joiners are meant each by itself
  /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;
/**
 * RFC 4013 §2.3 with RFC 3454 tables C.2 to C.9: control characters, private use, what is no character, surrogates, what stands for
 * an unknown character or describes one, what changes the display, tags.
 */
const PROHIBITED =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u200e\u200f\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;
