// Lines that begin with a dot: the end of a body and its transparency are about no others (RFC 5321 §4.5.2).

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const CRLF_DOT = Buffer.from('\r\n.');
/**
 * Octets that are stepped through before a native search, which costs about as much as they do. Where every line is dotted that makes
 * 3,000 MB/s of 560.
 */
const NEAR = 128;

/** Offset of the first CRLF at or after `from` that a dot follows; -1 where there is none: what `indexOf` says, where hits are near. */
export function indexOfDottedLine(octets: Buffer, from: number): number {
  const end = Math.min(octets.length, from + NEAR);
  // Where the dot may be. An octet that is none of the three can't be before it either, and rules out three places at once.
  let offset = from + 2;
  while (offset < end) {
    const octet = octets[offset]!;
    if (octet === LF) offset += 1;
    else if (octet === CR) offset += 2;
    else if (octet === DOT && octets[offset - 1] === LF && octets[offset - 2] === CR) return offset - 2;
    else offset += 3;
  }
  return offset < octets.length ? octets.indexOf(CRLF_DOT, offset - 2) : -1;
}
