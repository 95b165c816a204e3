// From the options of SMTPServer to what the layers below are told.
import { hostname } from 'node:os';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { domainToASCII } from 'node:url';
import type { TlsMaterial } from '../server/tls.ts';
import {
  auth,
  eightBitMime,
  enhancedStatusCodes,
  hidden,
  pipelining,
  size,
  smtpUtf8,
  startTls,
  type Extension,
  type ParameterCheck,
} from '../session/extensions.ts';
import type { SessionPolicy, StartTlsPolicy } from '../session/policy.ts';
import { login } from '../session/sasl/login.ts';
import type { SaslMechanism } from '../session/sasl/mechanism.ts';
import { plain } from '../session/sasl/plain.ts';
import { xoauth2 } from '../session/sasl/xoauth2.ts';
import { builtInCertificate, builtInKey } from './built-in-certificate.ts';
import type { SMTPServerOptions } from './types.ts';

const MECHANISMS: readonly SaslMechanism[] = [plain, login, xoauth2];

export function sessionPolicy(options: SMTPServerOptions): SessionPolicy {
  const { banner, heloResponse = '%s Nice to meet you, %s', maxRecipients, name = hostname() } = options;
  const maxSize = sizeLimit(options);
  const disabled = disabledCommands(options);
  const authMethods = (options.authMethods ?? ['PLAIN', 'LOGIN']).map((method) => method.trim().toUpperCase());
  const offersAuth = !disabled.has('AUTH');
  return {
    protocol: options.lmtp === true ? 'lmtp' : 'smtp',
    name,
    helloText: (clientName) => fill(heloResponse, [name, clientName]),
    extensions: extensions(options),
    enhancedStatusCodes: options.hideENHANCEDSTATUSCODES === false,
    startTls: startTlsPolicy(options, disabled),
    mechanisms: MECHANISMS.filter((mechanism) => authMethods.includes(mechanism.name)),
    advertisedMechanisms: authMethods,
    authRequired: offersAuth && options.authOptional !== true,
    authInsecure: options.allowInsecureAuth === true || options.hideSTARTTLS === true,
    // The adapter refuses what is too large: the handler is to have it all the same.
    rejectOversized: false,
    disabledCommands: disabled,
    ...(banner === undefined ? {} : { banner }),
    ...(options.authRequiredMessage === undefined ? {} : { authRequiredText: options.authRequiredMessage }),
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(maxRecipients === undefined ? {} : { maxRecipients }),
  };
}

/** Octets, `undefined` where there is no limit. RFC 1870 §3: nor is there one where it is 0. */
export function sizeLimit({ size }: SMTPServerOptions): number | undefined {
  return size === 0 ? undefined : size;
}

export function hasOwnIdentity({ cert, key, pfx }: SMTPServerOptions): boolean {
  return cert !== undefined || key !== undefined || pfx !== undefined;
}

/** The built-in certificate serves where none is given. */
export function tlsMaterial(options: SMTPServerOptions): TlsMaterial {
  const builtIn = { key: builtInKey, cert: builtInCertificate };
  const contextOptions: SecureContextOptions = hasOwnIdentity(options) ? options : { ...options, ...builtIn };
  const contexts = servernameContexts(options);
  const secureContext = createSecureContext(contextOptions);
  return {
    secureContext,
    options: {
      ...pick(options, ['requestCert', 'ALPNProtocols', 'ALPNCallback']),
      rejectUnauthorized: options.rejectUnauthorized ?? true,
      SNICallback:
        options.SNICallback ??
        ((servername, callback) => callback(null, contexts.get(canonicalName(servername)) ?? secureContext)),
    },
  };
}

function servernameContexts({ sniOptions }: SMTPServerOptions): ReadonlyMap<string, SecureContext> {
  const entries = sniOptions instanceof Map ? [...sniOptions] : Object.entries(sniOptions ?? {});
  return new Map(
    entries.map(([servername, own]: [string, SecureContextOptions]) => [
      canonicalName(servername),
      createSecureContext(own),
    ]),
  );
}

/** RFC 6066 §3: names are compared without regard to case, in their ASCII form. */
function canonicalName(servername: string): string {
  return domainToASCII(servername) || servername.toLowerCase();
}

function disabledCommands({ disabledCommands: given = [] }: SMTPServerOptions): ReadonlySet<string> {
  return new Set((typeof given === 'string' ? [given] : given).map((verb) => verb.trim().toUpperCase()));
}

function startTlsPolicy(options: SMTPServerOptions, disabled: ReadonlySet<string>): StartTlsPolicy {
  return options.secure === true || disabled.has('STARTTLS') ? 'absent' : 'available';
}

function extensions(options: SMTPServerOptions): Extension[] {
  const shown = (extension: Extension, hide = false): Extension => (hide ? hidden(extension) : extension);
  return [
    shown(pipelining, options.hidePIPELINING),
    shown(eightBitMime, options.hide8BITMIME),
    shown(smtpUtf8, options.hideSMTPUTF8),
    shown(enhancedStatusCodes, options.hideENHANCEDSTATUSCODES ?? true),
    auth,
    shown(startTls, options.hideSTARTTLS),
    shown(size, sizeLimit(options) === undefined),
    dsn,
  ];
}

const taken: ParameterCheck = () => undefined;

/** RFC 3461: not offered, yet its parameters are taken, for they may be sent to the class whose place this one takes. */
const dsn: Extension = {
  keyword: 'DSN',
  offer: () => undefined,
  mail: { RET: taken, ENVID: taken },
  rcpt: { NOTIFY: taken, ORCPT: taken },
};

/** Puts the words in the place of each `%s`. */
function fill(template: string, words: readonly string[]): string {
  let next = 0;
  return template.replace(/%s/g, () => words[next++] ?? '');
}

function pick<T, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]]))) as Partial<
    Pick<T, K>
  >;
}
