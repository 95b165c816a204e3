// ESMTP parameters of MAIL and RCPT (RFC 5321 §4.1.2).

/** Keys in upper case, a bare keyword is `true`. The object has no prototype. */
export type Parameters = Readonly<Record<string, string | true>>;

/** Why parameters can't be used. */
export type ParametersFault = 'syntax' | 'repeated';

// esmtp-param = esmtp-keyword ["=" esmtp-value]; esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
// esmtp-value = 1*(%d33-60 / %d62-126), and UTF-8 by RFC 6531 §3.3: without control characters (RFC 5198 §2), and without
// U+FFFD, which stands for octets that are no UTF-8.
const ESMTP_PARAM = /^([A-Za-z\d][A-Za-z\d-]*)(?:=([\x21-\x3c\x3e-\x7e\u00a0-\ufffc\u{10000}-\u{10ffff}]+))?$/u;

/** Reads `SIZE=1000 BODY=8BITMIME`. */
export function readParameters(text: string): Parameters | ParametersFault {
  if (text === '') return NO_PARAMETERS;
  const parameters = Object.create(null) as Record<string, string | true>;
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const match = ESMTP_PARAM.exec(word);
    if (match === null) return 'syntax';
    const keyword = match[1]!.toUpperCase();
    if (keyword in parameters) return 'repeated';
    parameters[keyword] = match[2] ?? true;
  }
  return parameters;
}

export const NO_PARAMETERS: Parameters = Object.freeze(Object.create(null) as Record<string, string | true>);
