// Replies as a client reads them, RFC 5321 §4.2.

/** Octets of a line, its end included (RFC 5321 §4.5.3.1.5). */
const LINE_LIMIT = 512;
/** RFC 4954 §4: a challenge may be longer. */
const CHALLENGE_LIMIT = 12_288;

// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF; textstring = 1*(%d09 / %d32-126),
// and UTF-8 by RFC 6531 §3.7.4.
const LINE = /^([2-5]\d\d)([ -])(?:([245]\.\d{1,3}\.\d{1,3}) )?[\t\x20-\x7e\u00a0-\uffff]*$/;

/** The codes of the replies, one for each; or why the text is not a sequence of replies. */
export function readReplies(text: string, enhancedStatusCodes: boolean): number[] | string {
  const codes: number[] = [];
  let open: string | undefined;
  const lines = text.split('\r\n');
  if (lines.pop() !== '') return 'the last reply has no end';
  for (const line of lines) {
    const match = LINE.exec(line);
    if (match === null) return `no line of a reply: ${JSON.stringify(line)}`;
    const [, code = '', separator, enhanced] = match;
    if (open !== undefined && open !== code) return `${code} in the middle of ${open}`;
    open = separator === '-' ? code : undefined;
    if (enhanced !== undefined && !(enhancedStatusCodes && enhanced[0] === code[0])) return `${enhanced} with ${code}`;
    if (isTooLong(line, code)) return `a line of ${Buffer.byteLength(line)} octets`;
    if (open === undefined) codes.push(Number(code));
  }
  return open === undefined ? codes : `${open} does not end`;
}

function isTooLong(line: string, code: string): boolean {
  const limit = code === '334' ? CHALLENGE_LIMIT : LINE_LIMIT;
  // A character has three octets at most.
  return line.length * 3 + 2 > limit && Buffer.byteLength(line) + 2 > limit;
}
