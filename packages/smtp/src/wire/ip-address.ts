// IP addresses as text: the grammar of RFC 5321 §4.1.3, and one canonical form to compare them by (RFC 5952).

// Snum = 1*3DIGIT, a decimal integer from 0 to 255: a zero in front does not make it octal.
const SNUM = '(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)';
const IPV4 = new RegExp(`^${SNUM}(?:\\.${SNUM}){3}$`);
const CANONICAL_IPV4 = /^(?:0|[1-9]\d?\d?)(?:\.(?:0|[1-9]\d?\d?)){3}$/;
// IPv6-hex = 1*4HEXDIG
const IPV6_HEX = /^[\da-f]{1,4}$/i;
const GROUPS = 8;

/** Whether the text is an IPv4-address-literal, without brackets. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text);
}

/** Whether the text is an IPv6-addr, without brackets and tag. */
export function isIpv6(text: string): boolean {
  // RFC 5321 §4.1.3: "::" represents at least two groups of zeros.
  return readIpv6(text, 2) !== undefined;
}

/** The eight groups of an IPv6 address by RFC 4291 §2.2, where `::` may also stand for a single one; otherwise `undefined`. */
export function parseIpv6(text: string): readonly number[] | undefined {
  return readIpv6(text, 1);
}

/**
 * One text for all that name the same address: IPv6 as RFC 5952 §4 has it, an IPv4-mapped one (RFC 4291 §2.5.5.2) as its
 * IPv4 address. A zone is kept. What is no IP address is only put in lower case.
 */
export function normalizeAddress(text: string): string {
  // Sockets give theirs so: each connection asks.
  if (CANONICAL_IPV4.test(text)) return text;
  const [, address, zone = ''] = /^([^%]*)(%.+)?$/s.exec(text) ?? [];
  const groups = address === undefined ? undefined : parseIpv6(address);
  if (groups !== undefined) return zone === '' && isMapped(groups) ? encodeIpv4(groups) : encodeIpv6(groups) + zone;
  return isIpv4(text) ? text.split('.').map(Number).join('.') : text.toLowerCase();
}

// IPv6-addr = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp
function readIpv6(text: string, leastElided: number): readonly number[] | undefined {
  const elision = text.indexOf('::');
  if (elision === -1) {
    const groups = readGroups(text, true);
    return groups?.length === GROUPS ? groups : undefined;
  }
  const before = readGroups(text.slice(0, elision), false);
  const after = readGroups(text.slice(elision + 2), true);
  if (before === undefined || after === undefined) return undefined;
  const elided = GROUPS - before.length - after.length;
  return elided < leastElided ? undefined : [...before, ...Array<number>(elided).fill(0), ...after];
}

/** Groups with colons between them, perhaps none; the last two may be written as an IPv4 address. */
function readGroups(text: string, mayEndInIpv4: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    if (IPV6_HEX.test(word)) {
      groups.push(Number.parseInt(word, 16));
    } else if (mayEndInIpv4 && index === words.length - 1 && isIpv4(word)) {
      const [a, b, c, d] = word.split('.').map(Number) as [number, number, number, number];
      groups.push(a * 256 + b, c * 256 + d);
    } else {
      return undefined;
    }
  }
  return groups;
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function encodeIpv4(groups: readonly number[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function encodeIpv6(groups: readonly number[]): string {
  const words = groups.map((group) => group.toString(16));
  const { start, length } = longestZeros(groups);
  // RFC 5952 §4.2.2: a single group of zeros stays.
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

/** RFC 5952 §4.2.3: of runs that are equally long the first. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  for (let start = 0; start < GROUPS; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > longest.length) longest = { start, length: end - start };
  }
  return longest;
}
