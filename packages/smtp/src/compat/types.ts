// The public types of SMTPServer, by the names that users of nodemailer's smtp-server know.
import type { ServerOpts } from 'node:net';
import type { Readable } from 'node:stream';
import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** Parameters of MAIL or RCPT: keys in upper case, a bare keyword is `true`. */
export type SMTPServerParameters = Readonly<Record<string, string | true>>;

export interface SMTPServerAddress {
  /** `''` for the null reverse-path. */
  readonly address: string;
  /** `false` where there are none. */
  readonly args: SMTPServerParameters | false;
}

export interface SMTPServerEnvelope {
  /** `false` before MAIL. */
  mailFrom: SMTPServerAddress | false;
  rcptTo: SMTPServerAddress[];
}

/** What a client presented with AUTH. */
export interface SMTPServerAuthentication {
  readonly method: string;
  readonly username: string;
  /** PLAIN and LOGIN. */
  readonly password?: string;
  /** XOAUTH2. */
  readonly accessToken?: string;
}

/** What an `onAuth` handler makes of it. */
export interface SMTPServerAuthenticationResponse {
  /** Anything but `undefined`, `null`, `false`, `0` and `''` logs in, and becomes `session.user`. */
  user?: unknown;
  /** XOAUTH2: the error that the client is told in a challenge before its 535. */
  data?: object;
  message?: string;
  responseCode?: number;
}

export interface SMTPServerSession {
  readonly id: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The name that reverse lookup gives, `[address]` where there is none. */
  clientHostname: string;
  /** The verb that opened the session. */
  openingCommand: string | false;
  /** The name that the client gave. */
  hostNameAppearsAs: string | false;
  /** SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, LMTP and so on (RFC 3848). */
  transmissionType: string;
  secure: boolean;
  /** The negotiated cipher, `false` in clear text. */
  tlsOptions: { readonly name: string; readonly standardName: string; readonly version: string } | false;
  servername: string | false;
  user: unknown;
  /** Counts transactions, from 1. */
  transaction: number;
  envelope: SMTPServerEnvelope;
  /** The last reply that was an error, as text. */
  error: string | false;
}

/** A message: its content with transparency undone. */
export interface SMTPServerDataStream extends Readable {
  /** Octets so far. */
  byteLength: number;
  /** Whether they are more than `size` allows. */
  sizeExceeded: boolean;
}

/** An error whose `responseCode` becomes the reply code. */
export type SMTPServerError = Error & { readonly responseCode?: number };

export type SMTPServerCallback<T = unknown> = (error?: Error | null, value?: T) => void;

/** Calls back, or returns a value or a promise of one. */
export type SMTPServerResult<T> = T | PromiseLike<T> | void;

/** What LMTP answers for a recipient: text for 250, or an error. */
export type SMTPServerRecipientAnswer = string | Error | true | null | undefined;

export type SMTPServerDataAnswer = string | readonly SMTPServerRecipientAnswer[] | null | undefined;

export interface SMTPServerHandlers {
  onConnect(session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  onAuth(
    auth: SMTPServerAuthentication,
    session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerAuthenticationResponse>,
  ): SMTPServerResult<SMTPServerAuthenticationResponse>;
  onMailFrom(address: SMTPServerAddress, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  onRcptTo(address: SMTPServerAddress, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  onData(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerDataAnswer>,
  ): SMTPServerResult<SMTPServerDataAnswer>;
  onClose(session: SMTPServerSession): void;
}

/** A logger in the manner of bunyan. */
export interface SMTPServerLogger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface SMTPServerOptions extends Partial<SMTPServerHandlers>, ServerOpts, TlsOptions {
  /** TLS from the first octet. @defaultValue false */
  secure?: boolean;
  /** @defaultValue `os.hostname()` */
  name?: string;
  /** Appended to the greeting. */
  banner?: string;
  /** First line of the reply to EHLO: server name, client name. @defaultValue '%s Nice to meet you, %s' */
  heloResponse?: string;
  /** Octets; advertised, and held against `MAIL … SIZE=`. A stream above it is flagged, not cut. */
  size?: number;
  /** Whether a body above `size` is answered 552, whatever the handler says. @defaultValue false */
  rejectOversized?: boolean;
  /** @defaultValue ['PLAIN', 'LOGIN'] */
  authMethods?: readonly string[];
  /** @defaultValue false */
  authOptional?: boolean;
  /** Text of the 530 to MAIL before AUTH. */
  authRequiredMessage?: string;
  /** @defaultValue false */
  allowInsecureAuth?: boolean;
  /** Verbs that are unknown here. @defaultValue [] */
  disabledCommands?: string | readonly string[];
  /** Works, but is not listed. @defaultValue false */
  hideSTARTTLS?: boolean;
  /** @defaultValue false */
  hidePIPELINING?: boolean;
  /** @defaultValue false */
  hide8BITMIME?: boolean;
  /** @defaultValue false */
  hideSMTPUTF8?: boolean;
  /** @defaultValue true: no enhanced status codes */
  hideENHANCEDSTATUSCODES?: boolean;
  /** @defaultValue false */
  lmtp?: boolean;
  /** Connections at a time; the next gets 421. @defaultValue Infinity */
  maxClients?: number;
  /** RCPT beyond it gets 452. @defaultValue without limit */
  maxRecipients?: number;
  /** Octets of a command line. @defaultValue 16384 */
  maxCommandLength?: number;
  /** Milliseconds without input before 421. @defaultValue 60000 */
  socketTimeout?: number;
  /** Milliseconds that `close()` gives sessions in mid-transaction. @defaultValue 30000 */
  closeTimeout?: number;
  /** @defaultValue false */
  disableReverseLookup?: boolean;
  /** Secure contexts by servername. */
  sniOptions?: ReadonlyMap<string, SecureContextOptions> | Readonly<Record<string, SecureContextOptions>>;
  /** `true` for the console. @defaultValue false */
  logger?: boolean | SMTPServerLogger;
}
