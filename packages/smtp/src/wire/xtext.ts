// xtext (RFC 3461 §4): how parameters carry any text in printable ASCII. XCLIENT and XFORWARD use it too.

// xtext = *( xchar / hexchar ); xchar = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
// hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
const XTEXT = /^(?:[!-*,-<>-~]|\+[\dA-F]{2})*$/;
const HEXCHAR = /\+(..)/g;
const NOT_XCHAR = /[^!-*,-<>-~]/g;

/**
 * `undefined` where the text is no xtext, or what it encodes is no UTF-8: what Node would repair is refused. The decoded text
 * may hold any character, control characters too.
 */
export function decodeXtext(text: string): string | undefined {
  if (!XTEXT.test(text)) return undefined;
  if (!text.includes('+')) return text;
  const latin1 = text.replace(HEXCHAR, (_hexchar, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  const octets = Buffer.from(latin1, 'latin1');
  const decoded = octets.toString('utf8');
  return octets.equals(Buffer.from(decoded)) ? decoded : undefined;
}

/** Encodes a text, its characters beyond ASCII as UTF-8. */
export function encodeXtext(text: string): string {
  const octets = Buffer.from(text).toString('latin1');
  return octets.replace(NOT_XCHAR, (octet) => `+${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
