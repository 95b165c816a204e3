// What a proxy tells of a client with XCLIENT or XFORWARD, by Postfix's XCLIENT_README and XFORWARD_README.
import { isIpv4, normalizeAddress, parseIpv6 } from '../wire/ip-address.ts';
import { upperCase } from '../wire/command.ts';
import { decodeXtext } from '../wire/xtext.ts';

/** By name in upper case; `null` where the proxy says that it does not know. */
export type ProxyAttributes = ReadonlyMap<string, string | null>;

/**
 * Reads `NAME=spike.example ADDR=192.0.2.1`; `undefined` where it is malformed, empty, or has a name that is not among `names`. Of
 * attributes that are repeated the first counts.
 */
export function readProxyAttributes(argument: string, names: readonly string[]): ProxyAttributes | undefined {
  const attributes = new Map<string, string | null>();
  for (const word of argument.split(' ')) {
    if (word === '') continue;
    const equals = word.indexOf('=');
    if (equals === -1) return undefined;
    const name = upperCase(word.slice(0, equals));
    const value = decodeXtext(word.slice(equals + 1));
    if (!names.includes(name) || value === undefined) return undefined;
    const known = isUnavailable(value) ? null : readValue(name, value);
    if (known === undefined) return undefined;
    if (!attributes.has(name)) attributes.set(name, known);
  }
  return attributes.size === 0 ? undefined : attributes;
}

// Names in use have underscores.
const HOST_NAME = /^(?!-)[\w-]+(?:\.(?!-)[\w-]+)*\.?$/;
// They would go on into logs and header fields.
const CONTROLS = /\p{Cc}/u;

function isUnavailable(value: string): boolean {
  return value === '' || /^\[(?:UNAVAILABLE|TEMPUNAVAIL)\]$/i.test(value);
}

/** `undefined` where the value is none of that attribute's. */
function readValue(name: string, value: string): string | undefined {
  switch (name) {
    case 'ADDR':
    case 'DESTADDR':
      return readAddress(value);
    case 'PORT':
    case 'DESTPORT':
      return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? value : undefined;
    case 'NAME':
      return HOST_NAME.test(value) ? value : undefined;
    default:
      return CONTROLS.test(value) ? undefined : value;
  }
}

// "IPv6:" stands before an IPv6 address.
function readAddress(value: string): string | undefined {
  const address = value.replace(/^IPV6:/i, '');
  return isIpv4(value) || parseIpv6(address) !== undefined ? normalizeAddress(address) : undefined;
}
