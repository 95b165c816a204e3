// Text in SASL messages: UTF-8 (RFC 4422 §3.4), and no name with control characters in it.

/** `undefined` where the octets are not UTF-8, so that nothing is taken for something else. */
export function decodeText(octets: Buffer): string | undefined {
  const text = octets.toString('utf8');
  // What is not UTF-8 was replaced, and does not come back.
  return Buffer.from(text, 'utf8').equals(octets) ? text : undefined;
}

/** Whether there are control characters in it: NUL, CR and LF, of which none belongs in a name (RFC 4422 §3.4.1), and their like. */
export function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
