// From the options of SMTPServer to what the layers below are told.
import { hostname } from 'node:os';
import type { ServerOpts } from 'node:net';
import type { Extension, ParameterCheck } from '../session/extension.ts';
import { hidden } from '../session/extension.ts';
import { auth } from '../session/extensions/auth.ts';
import { binaryMime, eightBitMime } from '../session/extensions/body.ts';
import { chunking } from '../session/extensions/chunking.ts';
import { dsn } from '../session/extensions/dsn.ts';
import { limits } from '../session/extensions/limits.ts';
import { enhancedStatusCodes, pipelining, requireTls, smtpUtf8, startTls } from '../session/extensions/simple.ts';
import { size } from '../session/extensions/size.ts';
import { xclient, xforward, type TrustedAddresses } from '../session/extensions/xclient.ts';
import type { SessionPolicy } from '../session/policy.ts';
import { cramMd5 } from '../session/sasl/cram-md5.ts';
import { external } from '../session/sasl/external.ts';
import { login } from '../session/sasl/login.ts';
import type { SaslMechanism } from '../session/sasl/mechanism.ts';
import { oauthbearer } from '../session/sasl/oauthbearer.ts';
import { plain } from '../session/sasl/plain.ts';
import { scramSha256 } from '../session/sasl/scram-sha-256.ts';
import { scramSha256Plus } from '../session/sasl/scram-sha-256-plus.ts';
import { xoauth2 } from '../session/sasl/xoauth2.ts';
import { normalizeAddress } from '../wire/ip-address.ts';
import * as replies from '../wire/replies.ts';
import { disabledBy } from './disabled-commands.ts';
import { limit, policyLimits } from './limits.ts';
import type { Log } from './log.ts';
import type { SMTPServerOptions, SMTPServerResolvedOptions } from './options.ts';
import type { AdapterSettings } from './session-adapter.ts';
import type { SMTPServerHandlers } from './types.ts';

const MECHANISMS: readonly SaslMechanism[] = [
  plain,
  login,
  cramMd5,
  xoauth2,
  oauthbearer,
  scramSha256,
  scramSha256Plus,
  external,
];
const AUTH_METHODS = ['PLAIN', 'LOGIN'];

/** The options with what a server normalizes. */
export function resolveOptions(given: SMTPServerOptions): SMTPServerResolvedOptions {
  // Written without types an option may be null, which asks for nothing either.
  const options: SMTPServerOptions = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const authMethods = upperCaseList(options.authMethods);
  return {
    ...options,
    authMethods: authMethods.length === 0 ? [...AUTH_METHODS] : authMethods,
    disabledCommands: upperCaseList(options.disabledCommands),
    hideENHANCEDSTATUSCODES: options.hideENHANCEDSTATUSCODES ?? true,
    hideDSN: options.hideDSN ?? true,
    hideREQUIRETLS: options.hideREQUIRETLS ?? true,
  };
}

/** What sessions go by. Of the options `disabledCommands` is looked up at each command: it may be changed at any time. */
export function sessionPolicy(options: SMTPServerResolvedOptions): SessionPolicy {
  const { authMethods, banner, mechanisms = [], name = hostname() } = options;
  const maxSize = options.hideSize ? undefined : sizeLimit(options);
  return {
    protocol: options.lmtp ? 'lmtp' : 'smtp',
    name,
    // The session object knows the client's host name: its adapter has the words.
    helloText: () => name,
    extensions: extensions(options),
    enhancedStatusCodes: !options.hideENHANCEDSTATUSCODES,
    startTls: options.secure || options.secured ? 'absent' : 'available',
    mechanisms: [...mechanisms, ...MECHANISMS].filter((mechanism) => authMethods.includes(mechanism.name)),
    advertisedMechanisms: authMethods,
    authRequired: !options.authOptional,
    authInsecure: Boolean(options.allowInsecureAuth || options.hideSTARTTLS),
    // The adapter refuses what is too large: the handler is to have it all the same.
    rejectOversized: false,
    disabledCommands: disabledBy(() => options.disabledCommands),
    lenientPaths: Boolean(options.lenientAddressParsing),
    ...(banner === undefined ? {} : { banner }),
    ...(options.authRequiredMessage === undefined ? {} : { authRequiredText: options.authRequiredMessage }),
    ...(maxSize === undefined ? {} : { maxSize }),
    ...policyLimits(options),
  };
}

/** What the adapter of each session goes by. */
export function adapterSettings(
  options: SMTPServerResolvedOptions,
  handlers: SMTPServerHandlers,
  accepting: ReadonlySet<unknown>,
  logger: Log | undefined,
): AdapterSettings {
  const { heloResponse = '%s Nice to meet you, %s', name = hostname() } = options;
  const helloParts = heloResponse.split('%s');
  return {
    handlers,
    accepting,
    logger,
    resolver: !options.disableReverseLookup && options.resolver,
    helloText: (clientHostname) => fill(helloParts, [name, clientHostname]),
    sizeLimit: sizeLimit(options) ?? Number.POSITIVE_INFINITY,
    rejectOversized: Boolean(options.rejectOversized),
    withDsn: !options.hideDSN,
    behindProxy: Boolean(options.useXClient || options.useXForward),
  };
}

/** Octets, `undefined` where there is no limit. RFC 1870 §3: nor is there one where it is 0. */
function sizeLimit({ size }: SMTPServerOptions): number | undefined {
  return limit(size);
}

/** Whether an address is among those of an option; `true` and `*` are everybody. */
export function isListed(option: SMTPServerOptions['useProxy'], address: string): boolean {
  if (!option) return false;
  const trusted = trustedAddresses(option);
  if (trusted === true || trusted.includes('*')) return true;
  return trusted.some((one) => normalizeAddress(one) === normalizeAddress(address));
}

/** What is handed on to `net.createServer`. */
export function socketServerOptions(options: SMTPServerOptions): ServerOpts {
  const given = Object.entries(options).filter(([name, value]) => SERVER_OPTIONS.has(name) && value !== undefined);
  return Object.fromEntries(given);
}

/** Of the others `allowHalfOpen` is the server's own choice, and `pauseOnConnect` is for those who give sockets away. */
const SERVER_OPTIONS: ReadonlySet<string> = new Set([
  'blockList',
  'highWaterMark',
  'keepAlive',
  'keepAliveInitialDelay',
  'noDelay',
]);

function extensions(options: SMTPServerResolvedOptions): Extension[] {
  const shown = (extension: Extension, hide = false): Extension => (hide ? hidden(extension) : extension);
  const whenShown = (extension: Extension, hide = true): Extension[] => (hide ? [] : [extension]);
  return [
    shown(pipelining, options.hidePIPELINING),
    shown(eightBitMime, options.hide8BITMIME),
    shown(smtpUtf8, options.hideSMTPUTF8),
    shown(enhancedStatusCodes, options.hideENHANCEDSTATUSCODES),
    options.hideDSN ? uncheckedDsn : dsn,
    shown(requireTls, options.hideREQUIRETLS),
    ...whenShown(chunking, options.hideCHUNKING),
    ...whenShown(binaryMime, options.hideBINARYMIME),
    ...whenShown(limits, options.hideLIMITS),
    auth,
    shown(startTls, options.hideSTARTTLS),
    xclient(trustedAddresses(options.useXClient)),
    xforward(trustedAddresses(options.useXForward)),
    shown(size, sizeLimit(options) === undefined),
    ...(options.extensions ?? []),
  ];
}

const withValue: ParameterCheck = (value) => (value === true ? replies.parameterSyntax : undefined);

/** RFC 3461: not offered, yet its parameters are taken, for they may be sent to the class whose place this one takes. */
const uncheckedDsn: Extension = {
  keyword: 'DSN',
  offer: () => undefined,
  mail: { RET: withValue, ENVID: withValue },
  rcpt: { NOTIFY: withValue, ORCPT: withValue },
};

function trustedAddresses(option: boolean | string | readonly string[] | undefined): TrustedAddresses {
  if (option === true) return true;
  return typeof option === 'string' ? [option] : option || [];
}

function upperCaseList(given: string | readonly string[] | undefined): string[] {
  const words = typeof given === 'string' ? [given] : given || [];
  return words.filter(Boolean).map((word) => word.trim().toUpperCase());
}

/** Puts the words between the parts of a text, as far as there are any. */
function fill(parts: readonly string[], words: readonly string[]): string {
  return parts.reduce((text, part, index) => `${text}${words[index - 1] ?? ''}${part}`);
}
