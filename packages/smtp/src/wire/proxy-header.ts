// The PROXY protocol: the header, text (version 1) or binary (version 2), by which a proxy names the client it speaks for.
// Sections are those of its specification, proxy-protocol.txt of HAProxy.
import { isIpv4, normalizeAddress, parseIpv6 } from './ip-address.ts';

interface Endpoint {
  /** As `normalizeAddress` writes it. */
  readonly address: string;
  readonly port: number;
}

/** Both are `null` where the proxy names nobody: LOCAL, UNKNOWN, UNSPEC, and what is not TCP. */
export interface ProxyHeader {
  /** The client. */
  readonly source: Endpoint | null;
  /** Where the client connected to. */
  readonly destination: Endpoint | null;
}

/**
 * Octets of a header. By §2 it fits into a segment of 536. Yet a TLV may hold the client's certificate, of one or two thousand. The
 * length field would allow 65,551.
 */
export const PROXY_HEADER_LIMIT = 4_096;

/** What the octets so far are; once complete, with those that follow the header. */
export type ProxyHeaderReading = 'incomplete' | 'malformed' | { readonly header: ProxyHeader; readonly rest: Buffer };

/** Reads a header that may come in pieces; to be fed as long as it is incomplete. It keeps no more than the longest header. */
export class ProxyHeaderReader {
  readonly #limit: number;
  #received: Buffer = Buffer.alloc(0);

  /** @param limit octets that a header of version 2 may have; one of version 1 has 107 at most (§2.1). */
  constructor(limit: number = PROXY_HEADER_LIMIT) {
    this.#limit = limit;
  }

  feed(chunk: Buffer): ProxyHeaderReading {
    this.#received = Buffer.concat([this.#received, chunk]);
    return this.#received[0] === V2_SIGNATURE[0] ? readV2(this.#received, this.#limit) : readV1(this.#received);
  }
}

// §2.1: the worst case, CRLF included.
const V1_LIMIT = 107;
const V1_BEGINNINGS = ['PROXY TCP4 ', 'PROXY TCP6 ', 'PROXY UNKNOWN '];
// What may still become one of the lines below.
const V1_UNFINISHED = /^PROXY (?:TCP4 [\d. ]*|TCP6 [\da-fA-F:. ]*|UNKNOWN .*)$/;
const V1_UNKNOWN = /^PROXY UNKNOWN(?: .*)?$/;
const V1_TCP = /^PROXY TCP([46]) ([\da-fA-F:.]+) ([\da-fA-F:.]+) (\d+) (\d+)$/;

const LF = 0x0a;

const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n');
const V2_FIXED_LENGTH = 16;

// §2.2, the 13th octet: version and command.
const LOCAL = 0x20;
const PROXY = 0x21;
// §2.2, the 14th octet: address family and transport protocol.
const TCP4 = 0x11;
const TCP6 = 0x21;
/** How long addresses and ports are at least, by family and protocol; what is not listed is none. */
const ADDRESSES_LENGTH: ReadonlyMap<number, number> = new Map([
  ...[0x00, 0x01, 0x02, 0x10, 0x20, 0x30].map((unspecified) => [unspecified, 0] as const),
  ...[TCP4, 0x12].map((inet) => [inet, 12] as const),
  ...[TCP6, 0x22].map((inet6) => [inet6, 36] as const),
  ...[0x31, 0x32].map((unix) => [unix, 216] as const),
]);

const NOBODY: ProxyHeader = { source: null, destination: null };

function readV1(received: Buffer): ProxyHeaderReading {
  const text = received.toString('latin1', 0, V1_LIMIT);
  const end = text.indexOf('\r');
  if (end === -1) return mayBecomeV1(text) ? 'incomplete' : 'malformed';
  const header = parseV1(text.slice(0, end));
  if (header === undefined || end + 2 > V1_LIMIT) return 'malformed';
  if (end + 1 === received.length) return 'incomplete';
  // §2.1: a single CR or LF is not tolerated.
  return received[end + 1] === LF ? { header, rest: received.subarray(end + 2) } : 'malformed';
}

function mayBecomeV1(text: string): boolean {
  if (V1_BEGINNINGS.some((beginning) => beginning.startsWith(text))) return true;
  return V1_UNFINISHED.test(text) && text.length + 2 <= V1_LIMIT;
}

function parseV1(line: string): ProxyHeader | undefined {
  // §2.1: what follows UNKNOWN is ignored.
  if (V1_UNKNOWN.test(line)) return NOBODY;
  const match = V1_TCP.exec(line);
  if (match === null) return undefined;
  const [, family, from, to, fromPort, toPort] = match as unknown as [
    string,
    '4' | '6',
    string,
    string,
    string,
    string,
  ];
  const source = parseEndpoint(family, from, fromPort);
  const destination = parseEndpoint(family, to, toPort);
  return source === undefined || destination === undefined ? undefined : { source, destination };
}

function parseEndpoint(family: '4' | '6', address: string, port: string): Endpoint | undefined {
  // Senders write IPv6 as their inet_ntop does: an IPv4-mapped one in dots, or with a "::" for a single group.
  const isAddress = family === '4' ? isIpv4(address) : parseIpv6(address) !== undefined;
  // §2.1: heading zeroes are not permitted, neither in the numbers of an IPv4 address nor in a port.
  if (!isAddress || /\b0\d+\.|\.0\d/.test(address)) return undefined;
  if (!/^(?:0|[1-9]\d{0,4})$/.test(port) || Number(port) > 0xffff) return undefined;
  return { address: normalizeAddress(address), port: Number(port) };
}

function readV2(received: Buffer, limit: number): ProxyHeaderReading {
  const signature = received.subarray(0, V2_SIGNATURE.length);
  if (!signature.equals(V2_SIGNATURE.subarray(0, signature.length))) return 'malformed';
  const command = received[12] ?? LOCAL;
  if (command !== LOCAL && command !== PROXY) return 'malformed';
  // §2.2: LOCAL ignores the family, and all that follows.
  const family = command === LOCAL ? 0 : (received[13] ?? 0);
  const addressesLength = ADDRESSES_LENGTH.get(family);
  if (addressesLength === undefined) return 'malformed';
  if (received.length < V2_FIXED_LENGTH) return 'incomplete';
  const length = received.readUInt16BE(14);
  const end = V2_FIXED_LENGTH + length;
  if (length < addressesLength || end > limit) return 'malformed';
  if (received.length < end) return 'incomplete';
  return { header: decodeV2(family, received), rest: received.subarray(end) };
}

function decodeV2(family: number, header: Buffer): ProxyHeader {
  if (family !== TCP4 && family !== TCP6) return NOBODY;
  const [octets, decode] = family === TCP4 ? ([4, decodeIpv4] as const) : ([16, decodeIpv6] as const);
  const destination = V2_FIXED_LENGTH + octets;
  const ports = destination + octets;
  return {
    source: { address: decode(header.subarray(V2_FIXED_LENGTH, destination)), port: header.readUInt16BE(ports) },
    destination: { address: decode(header.subarray(destination, ports)), port: header.readUInt16BE(ports + 2) },
  };
}

function decodeIpv4(octets: Buffer): string {
  return octets.join('.');
}

function decodeIpv6(octets: Buffer): string {
  const groups = octets.toString('hex').match(/..../g)!;
  return normalizeAddress(groups.join(':'));
}
