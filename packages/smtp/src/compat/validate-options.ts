// Options that can't be meant are refused, never ignored: a test that relies on one would pass in vain.
import type { ServerOpts } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { isIpv4, parseIpv6 } from '../wire/ip-address.ts';
import { extensionsRule } from './extensions-rule.ts';
import { mechanismsRule } from './mechanisms-rule.ts';
import { SMTPServerOptionError } from './option-error.ts';
import { isObject, showValue, type Rule } from './option-rule.ts';
import type { SMTPServerLogger, SMTPServerOptions } from './options.ts';

/** @throws SMTPServerOptionError (`ERR_MAILRIG_OPTION`) that names the option. */
export function validateOptions(options: SMTPServerOptions): void {
  if (!isObject(options)) throw new SMTPServerOptionError('options', 'must be an object: write { name: value }.');
  for (const [option, rule] of Object.entries(RULES)) {
    const value: unknown = options[option as keyof typeof RULES];
    const problem = value === undefined || value === null ? undefined : rule(value);
    if (problem !== undefined) throw new SMTPServerOptionError(option, problem);
  }
  if (isOff(options.hideBINARYMIME) && !isOff(options.hideCHUNKING)) {
    const problem = 'is false, yet there is no BDAT to carry a binary body. Set hideCHUNKING to false too.';
    throw new SMTPServerOptionError('hideBINARYMIME', problem);
  }
}

const limit: Rule = (value) => {
  if (isNothing(value) || ((typeof value === 'number' || typeof value === 'string') && Number(value) > 0)) return;
  return `must be a number from 0, not ${showValue(value)}.`;
};

/** Text such as `no` would count as yes. Who writes JavaScript may write 0 and 1. */
const flag: Rule = (value) => {
  if (typeof value === 'boolean' || value === 0 || value === 1) return;
  return `must be true or false, not ${showValue(value)}.`;
};

const text: Rule = (value) => (typeof value === 'string' ? undefined : `must be text, not ${showValue(value)}.`);

const callable: Rule = (value) => {
  if (isNothing(value) || typeof value === 'function') return;
  return `must be a function, not ${showValue(value)}.`;
};

/** Entries that ask for nothing are left out by whoever reads the list. */
const names: Rule = (value) => {
  if (isNothing(value) || typeof value === 'string') return;
  if (!Array.isArray(value)) return `must be a list of names, not ${showValue(value)}.`;
  const wrong: unknown = value.find((name) => name && typeof name !== 'string');
  return wrong === undefined ? undefined : `has ${showValue(wrong)}, which is no name: write each as text.`;
};

const addresses: Rule = (value) => {
  if (isNothing(value) || value === true) return;
  const list: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list)) return `must be a list of addresses, or true, not ${showValue(value)}.`;
  const wrong = list.findIndex((address) => !isAddress(address));
  if (wrong === -1) return;
  return `has ${showValue(list[wrong])}, which is no IP address: name each address, or '*' for everybody.`;
};

const logger: Rule = (value) => {
  const levels = isObject(value) || typeof value === 'function' ? (value as Record<string, unknown>) : {};
  if (isNothing(value) || value === true || LEVELS.some((level) => typeof levels[level] === 'function')) return;
  return `must be true, or an object with functions such as info(fields, text), not ${showValue(value)}.`;
};

const resolver: Rule = (value) => {
  if (isObject(value) && typeof value['reverse'] === 'function') return;
  return 'must be an object with the function reverse(address, callback). Set disableReverseLookup for none.';
};

const secureContexts: Rule = (value) => {
  if (isNothing(value)) return;
  if (!isObject(value)) return 'must be a Map or an object by servername.';
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  const wrong = entries.find(([servername, own]) => typeof servername !== 'string' || !isObject(own));
  // Not what it has there: that may be a key.
  return wrong && `has no object for ${showValue(wrong[0])}: write { key, cert } for each servername.`;
};

/** All options but those that go on to `node:net` and `node:tls`, which have their own rules. */
type Ruled = Exclude<keyof SMTPServerOptions, keyof ServerOpts | keyof TlsOptions> | 'handshakeTimeout' | 'SNICallback';

const RULES: Readonly<Record<Ruled, Rule>> = {
  secure: flag,
  secured: flag,
  needsUpgrade: flag,
  name: text,
  banner: text,
  heloResponse: text,
  greetDelay: limit,
  size: limit,
  hideSize: flag,
  rejectOversized: flag,
  authMethods: names,
  mechanisms: mechanismsRule,
  authOptional: flag,
  authRequiredMessage: text,
  allowInsecureAuth: flag,
  disabledCommands: names,
  hideSTARTTLS: flag,
  hidePIPELINING: flag,
  hide8BITMIME: flag,
  hideSMTPUTF8: flag,
  hideENHANCEDSTATUSCODES: flag,
  hideDSN: flag,
  hideREQUIRETLS: flag,
  hideCHUNKING: flag,
  hideBINARYMIME: flag,
  hideLIMITS: flag,
  extensions: extensionsRule,
  lmtp: flag,
  useProxy: addresses,
  useXClient: addresses,
  useXForward: addresses,
  maxClients: limit,
  maxRecipients: limit,
  maxCommandLength: limit,
  maxAuthLength: limit,
  maxChunkSize: limit,
  maxProxyHeaderLength: limit,
  maxAllowedUnauthenticatedCommands: limit,
  maxAllowedUnknownCommands: limit,
  maxAllowedCommandsWithoutMessage: limit,
  maxAllowedAuthFailures: limit,
  handshakeTimeout: limit,
  socketTimeout: limit,
  closeTimeout: limit,
  lenientAddressParsing: flag,
  disableReverseLookup: flag,
  resolver,
  SNICallback: callable,
  sniOptions: secureContexts,
  logger,
  component: text,
  ignoredHosts: addresses,
  onConnect: callable,
  onSecure: callable,
  onAuth: callable,
  onMailFrom: callable,
  onRcptTo: callable,
  onData: callable,
  onClose: callable,
};

const LEVELS: readonly (keyof SMTPServerLogger)[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** `false`, `0` and `''` are as good as nothing to the server whose place this one takes. */
function isNothing(value: unknown): boolean {
  return !value && !Number.isNaN(value);
}

function isOff(value: unknown): boolean {
  return value === false || value === 0;
}

function isAddress(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  // RFC 4007 §11: only IPv6 addresses have a zone.
  return value === '*' || isIpv4(value) || parseIpv6(value.replace(/%.+$/s, '')) !== undefined;
}
