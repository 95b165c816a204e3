// The public types of SMTPServer, by the names that users of nodemailer's smtp-server know.
import type { ListenOptions, Server, ServerOpts, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { SecureContextOptions, TlsOptions } from 'node:tls';

/** Parameters of MAIL or RCPT: keys in upper case, a bare keyword is `true`. */
export type SMTPServerAddressArgs = Readonly<Record<string, string | true>>;

export interface SMTPServerAddress {
  /** `''` for the null reverse-path. */
  readonly address: string;
  /** `false` where there are none. */
  readonly args: SMTPServerAddressArgs | false;
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
  /** The last reply that was an error: code and text. */
  error: string | undefined;
}

/** A message: its content with transparency undone. It is destroyed with an error where its client goes away. */
export interface SMTPServerDataStream extends Readable {
  /** Octets so far. */
  byteLength: number;
  /** Whether they are more than `size` allows. */
  sizeExceeded: boolean;
}

/** An error whose `responseCode`, 400 to 599, becomes the reply code. 421 closes the connection. */
export interface SMTPServerError extends Error {
  responseCode?: number;
}

export type SMTPServerCallback<T = unknown> = (error?: SMTPServerError | null, value?: T) => void;

/** What LMTP answers for a recipient: text for 250, or an error. */
export type SMTPServerRecipientAnswer = string | Error | true | null | undefined;

export type SMTPServerDataAnswer = string | readonly SMTPServerRecipientAnswer[] | null | undefined;

/**
 * A handler answers in one of three manners. One that declares its last parameter, the callback, answers by calling it, once.
 * One that does not answers by the promise that it returns, or by whatever else it returns, be it nothing.
 *
 * An error refuses: its `responseCode` and `message` are the reply; without a `responseCode` it is 554 for `onConnect`, 535 for
 * `onAuth`, 550 for `onMailFrom` and `onRcptTo`, 450 for `onData`. A handler that throws although it has a callback to refuse
 * by has failed: 451.
 */
export interface SMTPServerHandlers {
  onConnect(session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  /** Says `{ user }` to log in. */
  onAuth(
    auth: SMTPServerAuthentication,
    session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerAuthenticationResponse>,
  ): unknown;
  onMailFrom(address: SMTPServerAddress, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  onRcptTo(address: SMTPServerAddress, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  /** Says the text of the 250, in LMTP a list for the recipients of the envelope. What it has not read by then is drained. */
  onData(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerDataAnswer>,
  ): unknown;
  /** Once for every session, after everything else. Nobody waits for it. */
  onClose(session: SMTPServerSession): unknown;
}

/** Who has connected. */
export type SMTPServerConnectionInfo = Pick<
  SMTPServerSession,
  'id' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort' | 'clientHostname' | 'hostNameAppearsAs'
>;

export interface SMTPServerEvents {
  /** An address that can't be had, or a TLS handshake that failed. The latter needs no listener. */
  error: [error: Error];
  /** The server has closed. */
  close: [];
  /** A client that `onConnect` did not refuse. */
  connect: [client: SMTPServerConnectionInfo];
}

type Listening = () => void;
type Backlog = number | undefined;

/** Every form of `net.Server.listen`. */
export type SMTPServerListenArguments =
  | [listening?: Listening]
  | [port: number | undefined, listening?: Listening]
  | [port: number | undefined, backlog: Backlog, listening?: Listening]
  | [port: number | undefined, host: string | undefined, listening?: Listening]
  | [port: number | undefined, host: string | undefined, backlog: Backlog, listening?: Listening]
  | [path: string, listening?: Listening]
  | [path: string, backlog: Backlog, listening?: Listening]
  | [options: ListenOptions, listening?: Listening]
  | [handle: Server | Socket | { readonly fd: number }, listening?: Listening]
  | [handle: Server | Socket | { readonly fd: number }, backlog: Backlog, listening?: Listening];

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
  /** Works, but is not listed, nor needed for AUTH. @defaultValue false */
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
  /** Milliseconds that `close()` gives a message that is coming in. @defaultValue 30000 */
  closeTimeout?: number;
  /** @defaultValue false */
  disableReverseLookup?: boolean;
  /** Secure contexts by servername. */
  sniOptions?: ReadonlyMap<string, SecureContextOptions> | Readonly<Record<string, SecureContextOptions>>;
  /** `true` for the console. Credentials are left out. @defaultValue false */
  logger?: boolean | SMTPServerLogger;
  /** Names the server in its log. @defaultValue 'smtp-server' */
  component?: string;
}
