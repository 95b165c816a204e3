// A command line as verb and argument (RFC 5321 §4.1.1). What the argument means is its command's business.

export interface CommandLine {
  /** In upper case; the empty string for an empty line. */
  readonly verb: string;
  /** What follows the first space, without the blanks around it; UTF-8 decoded. */
  readonly argument: string;
}

/** Splits a line read as latin1. */
export function parseCommand(line: string): CommandLine {
  const decoded = decodeUtf8(line);
  let end = decoded.length;
  while (isBlank(decoded.charCodeAt(end - 1))) end--;
  const text = decoded.slice(0, end);
  const space = text.indexOf(' ');
  if (space === -1) return { verb: upperCase(text), argument: '' };
  let start = space + 1;
  while (isBlank(text.charCodeAt(start))) start++;
  return { verb: upperCase(text.slice(0, space)), argument: text.slice(start) };
}

/** RFC 5321 §2.4: verbs and keywords are not case sensitive; they are ASCII, so that a dotless i is no I. */
export function upperCase(word: string): string {
  return NON_ASCII.test(word) ? word : word.toUpperCase();
}

/** RFC 5321 §4.1.1: blanks before the CRLF are tolerated. They are SP and HTAB: what Unicode calls white space is none. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

const NON_ASCII = /[^\0-\x7f]/;

/** Few lines need it (RFC 6531), so that a line is decoded only where it has an octet beyond ASCII. */
function decodeUtf8(line: string): string {
  return NON_ASCII.test(line) ? Buffer.from(line, 'latin1').toString('utf8') : line;
}
