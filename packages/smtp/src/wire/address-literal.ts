// Address literals (RFC 5321 §4.1.3): a host by its address, in brackets.
import { isIpv4, isIpv6 } from './ip-address.ts';

// address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"
// IPv6-address-literal = "IPv6:" IPv6-addr
const ADDRESS_LITERAL = /^\[(IPv6:)?(.+)\]$/i;

/** Whether the text, with its brackets, is an address literal: `[192.0.2.1]` or `[IPv6:2001:db8::1]`. */
export function isAddressLiteral(text: string): boolean {
  const match = ADDRESS_LITERAL.exec(text);
  if (match === null) return false;
  const [, tag, address] = match as unknown as [string, string | undefined, string];
  // RFC 5321 §4.1.3: the tag of a General-address-literal MUST be specified in a Standards-Track RFC and registered with IANA.
  // No tag is but IPv6, so that nobody could deliver to any other.
  return tag === undefined ? isIpv4(address) : isIpv6(address);
}
