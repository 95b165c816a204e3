// The options of SMTPServer, by the names that users of nodemailer's smtp-server know.
import type { ServerOpts } from 'node:net';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { Extension } from '../session/extension.ts';
import type { SaslMechanism } from '../session/sasl/mechanism.ts';
import type { SMTPServerHandlers } from './types.ts';

/** A logger in the manner of bunyan. What is missing is not called. */
export interface SMTPServerLogger {
  trace?(fields: object, text: string, ...values: unknown[]): void;
  debug?(fields: object, text: string, ...values: unknown[]): void;
  info?(fields: object, text: string, ...values: unknown[]): void;
  warn?(fields: object, text: string, ...values: unknown[]): void;
  error?(fields: object, text: string, ...values: unknown[]): void;
  fatal?(fields: object, text: string, ...values: unknown[]): void;
}

/** Finds names by address, as `node:dns` does. */
export interface SMTPServerResolver {
  reverse(address: string, callback: (error: Error | null, names?: string[]) => void): void;
}

type OptionalHandlers = { [K in keyof SMTPServerHandlers]?: SMTPServerHandlers[K] | undefined };

export interface SMTPServerOptions extends OptionalHandlers, ServerOpts, TlsOptions {
  /** TLS from the first octet. @defaultValue false */
  secure?: boolean | undefined;
  /** TLS is ended in front of the server: sessions count as secure, and STARTTLS is not to be had. @defaultValue false */
  secured?: boolean | undefined;
  /** With `secure`: sockets that are given to `connect()` are in clear text, and the server sees to TLS. @defaultValue false */
  needsUpgrade?: boolean | undefined;
  /** @defaultValue `os.hostname()` */
  name?: string | undefined;
  /** Appended to the greeting. */
  banner?: string | undefined;
  /** First line of the reply to EHLO: server name, the client's host name. @defaultValue '%s Nice to meet you, %s' */
  heloResponse?: string | undefined;
  /** Milliseconds before the greeting; a client that talks meanwhile gets 421. @defaultValue 0 */
  greetDelay?: number | undefined;
  /** Octets; advertised, and held against `MAIL … SIZE=`. A stream above it is flagged, not cut. @defaultValue without limit */
  size?: number | undefined;
  /** Whether `size` is kept to oneself: SIZE is listed without it, and MAIL is not held against it. @defaultValue false */
  hideSize?: boolean | undefined;
  /** Whether a body above `size` is answered 552, whatever the handler says. @defaultValue false */
  rejectOversized?: boolean | undefined;
  /**
   * Mechanisms that AUTH lists: PLAIN, LOGIN, CRAM-MD5, XOAUTH2, OAUTHBEARER, SCRAM-SHA-256, SCRAM-SHA-256-PLUS, EXTERNAL, and
   * those of `mechanisms`. Any other is listed too, and gets 504. @defaultValue ['PLAIN', 'LOGIN']
   */
  authMethods?: readonly string[] | undefined;
  /** Mechanisms of one's own; they are listed where `authMethods` names them. @defaultValue [] */
  mechanisms?: readonly SaslMechanism[] | undefined;
  /** @defaultValue false */
  authOptional?: boolean | undefined;
  /** Text of the 530 to what needs AUTH first. */
  authRequiredMessage?: string | undefined;
  /** @defaultValue false */
  allowInsecureAuth?: boolean | undefined;
  /** Verbs that are unknown here. @defaultValue [] */
  disabledCommands?: string | readonly string[] | undefined;
  /** Works, but is not listed, nor needed for AUTH. @defaultValue false */
  hideSTARTTLS?: boolean | undefined;
  /** @defaultValue false */
  hidePIPELINING?: boolean | undefined;
  /** @defaultValue false */
  hide8BITMIME?: boolean | undefined;
  /** @defaultValue false */
  hideSMTPUTF8?: boolean | undefined;
  /** @defaultValue true: no enhanced status codes */
  hideENHANCEDSTATUSCODES?: boolean | undefined;
  /** @defaultValue true: the parameters of RFC 3461 are taken unchecked, and mean nothing */
  hideDSN?: boolean | undefined;
  /** @defaultValue true: REQUIRETLS (RFC 8689) works, but is not listed */
  hideREQUIRETLS?: boolean | undefined;
  /** @defaultValue true: no BDAT (RFC 3030) */
  hideCHUNKING?: boolean | undefined;
  /** It needs `hideCHUNKING: false`. @defaultValue true: no BODY=BINARYMIME (RFC 3030 §3) */
  hideBINARYMIME?: boolean | undefined;
  /** @defaultValue true: RFC 9422 does not tell of `maxRecipients` */
  hideLIMITS?: boolean | undefined;
  /** Extensions of one's own, listed after the server's. @defaultValue [] */
  extensions?: readonly Extension[] | undefined;
  /** @defaultValue false */
  lmtp?: boolean | undefined;
  /** Whether a PROXY header, version 1 or 2, comes first: from everybody, or from these addresses. @defaultValue false */
  useProxy?: boolean | readonly string[] | undefined;
  /** Who may say XCLIENT: everybody, or these addresses. @defaultValue false */
  useXClient?: boolean | readonly string[] | undefined;
  /** Who may say XFORWARD. @defaultValue false */
  useXForward?: boolean | readonly string[] | undefined;
  /** Connections at a time; the next gets 421. @defaultValue Infinity */
  maxClients?: number | undefined;
  /** Recipients of a transaction; RCPT beyond it gets 452. @defaultValue 100,000, which LIMITS does not tell */
  maxRecipients?: number | undefined;
  /** Octets of a command line without its CRLF. @defaultValue 16384 */
  maxCommandLength?: number | undefined;
  /** Octets of a line of an AUTH exchange without its CRLF. @defaultValue 65536 */
  maxAuthLength?: number | undefined;
  /** Octets of one chunk; a BDAT that announces more ends the session with 552. @defaultValue 1 GiB */
  maxChunkSize?: number | undefined;
  /** Octets of a PROXY header of version 2. @defaultValue 4096 */
  maxProxyHeaderLength?: number | undefined;
  /** Where AUTH is needed, commands without it before 421; `false` for no limit. @defaultValue 10 */
  maxAllowedUnauthenticatedCommands?: number | false | undefined;
  /** Commands that nobody knows, since the last message, before 421; `false` for no limit. @defaultValue 10 */
  maxAllowedUnknownCommands?: number | false | undefined;
  /** Commands since the last message, recipients and chunks not counted, before 421. @defaultValue without limit */
  maxAllowedCommandsWithoutMessage?: number | false | undefined;
  /** AUTH commands that may fail; one after them gets 421. @defaultValue without limit */
  maxAllowedAuthFailures?: number | false | undefined;
  /** Milliseconds without input before 421. @defaultValue 60000 */
  socketTimeout?: number | undefined;
  /** Milliseconds that `close()` gives a message that is coming in. @defaultValue 30000 */
  closeTimeout?: number | undefined;
  /** Whether addresses get only a minimal check of their syntax. @defaultValue false */
  lenientAddressParsing?: boolean | undefined;
  /** @defaultValue false */
  disableReverseLookup?: boolean | undefined;
  /** Who looks up the client's host name. @defaultValue `node:dns`, for a second at most */
  resolver?: SMTPServerResolver | undefined;
  /** Secure contexts by servername, compared without regard to case and as Unicode. `SNICallback` goes before them. */
  sniOptions?: ReadonlyMap<string, SecureContextOptions> | Readonly<Record<string, SecureContextOptions>> | undefined;
  /** `true` for the console. Credentials are left out. @defaultValue false */
  logger?: boolean | SMTPServerLogger | undefined;
  /** Names the server in its log. @defaultValue 'smtp-server' */
  component?: string | undefined;
  /** Addresses whose connections are not logged. @defaultValue [] */
  ignoredHosts?: readonly string[] | undefined;
}

/** The options as a server has them: with what it normalizes. */
export interface SMTPServerResolvedOptions extends SMTPServerOptions {
  /** In upper case; may be changed at any time. */
  disabledCommands: string[];
  /** In upper case. */
  authMethods: string[];
}
