// The public types of SMTPServer, by the names that users of nodemailer's smtp-server know.
import type { ListenOptions, Server, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/** Parameters of MAIL or RCPT: keys in upper case, a bare keyword is `true`; values that are xtext (RFC 3461 §4) decoded. */
export type SMTPServerAddressArgs = Record<string, string | true>;

export interface SMTPServerAddress {
  /** As the client spelled it, but for A-labels, which come as Unicode; `''` for the null reverse-path. */
  address: string;
  /** `false` where there are none. */
  args: SMTPServerAddressArgs | false;
  /** Of a recipient, where the DSN extension is on and RCPT had NOTIFY or ORCPT. */
  dsn?: SMTPServerRecipientDSN | undefined;
}

/** Delivery status notifications for a recipient (RFC 3461 §4.1, §4.2). */
export interface SMTPServerRecipientDSN {
  /** In upper case. */
  readonly notify?: string[] | undefined;
  /** Address type and address, decoded: `rfc822;bob@example.org`. */
  readonly orcpt?: string | undefined;
}

/** Delivery status notifications for a message (RFC 3461 §4.3, §4.4). */
export interface SMTPServerEnvelopeDSN {
  /** `FULL` or `HDRS`. */
  readonly ret: string | null;
  /** Decoded. */
  readonly envid: string | null;
}

export interface SMTPServerEnvelope {
  /** `false` before MAIL. */
  mailFrom: SMTPServerAddress | false;
  rcptTo: SMTPServerAddress[];
  /** BODY of MAIL (RFC 6152, RFC 3030 §3), `7bit` where it has none. */
  bodyType?: '7bit' | '8bitmime' | 'binarymime' | undefined;
  /** Whether MAIL asked for SMTPUTF8 (RFC 6531). */
  smtpUtf8?: boolean | undefined;
  /** Whether MAIL asked for REQUIRETLS (RFC 8689). */
  requireTLS?: boolean | undefined;
  /** Where the DSN extension is on. */
  dsn?: SMTPServerEnvelopeDSN | undefined;
}

/** What a client presented with AUTH, or a proxy in its name with XCLIENT. */
export interface SMTPServerAuthentication {
  /** The mechanism in upper case, or `XCLIENT`. */
  readonly method: string;
  readonly username: string;
  /** PLAIN and LOGIN; `null` for XCLIENT, which vouches for the user. */
  readonly password?: string | null;
  /** PLAIN: the authentication identity (RFC 4616 §2), which is the username. */
  readonly authcid?: string;
  /** PLAIN, OAUTHBEARER, SCRAM, EXTERNAL: the identity to act as, `''` where it is the same (RFC 4422 §2). */
  readonly authzid?: string;
  /** XOAUTH2 and OAUTHBEARER. */
  readonly accessToken?: string;
  /** CRAM-MD5: what the client was sent. */
  readonly challenge?: string;
  /** CRAM-MD5: the digest that it answered, in lower case. */
  readonly challengeResponse?: string;
  /**
   * Whether the client knows this password. CRAM-MD5 and SCRAM can't be judged otherwise: SCRAM has to prove it in return, so that
   * a login is completed only after it has given `true`.
   */
  readonly validatePassword: (password: string) => boolean;
}

/** What an `onAuth` handler makes of it. */
export interface SMTPServerAuthenticationResponse {
  /** Anything but `undefined`, `null`, `false`, `0` and `''` logs in, and becomes `session.user`. */
  user?: unknown;
  /** XOAUTH2 and OAUTHBEARER: the error that the client is told in a challenge before its 535. */
  data?: object | undefined;
  message?: string | undefined;
  responseCode?: number | undefined;
}

export interface SMTPServerSession {
  /** 16 characters, or what `connect()` was told. */
  id: string;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  /** The name that reverse lookup gives, `[address]` where there is none. */
  clientHostname: string;
  /** The verb that opened the session; `false` until then, which the type leaves out as that of smtp-server does. */
  openingCommand: string;
  /** The name that the client gave; `false` until then. */
  hostNameAppearsAs: string;
  /** SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA, LMTP and so on (RFC 3848), UTF8SMTP and so on (RFC 6531 §4.3). */
  transmissionType: string;
  secure: boolean;
  /** The negotiated cipher, `false` in clear text. */
  tlsOptions: { readonly name: string; readonly standardName: string; readonly version: string } | false;
  /** What the client asked for by SNI; `undefined` in clear text. */
  servername?: string | false | undefined;
  /** What `onAuth` said. A handler may set it: anything truthy counts as authenticated. */
  user?: unknown;
  /** Counts transactions, from 1. */
  transaction: number;
  envelope: SMTPServerEnvelope;
  /** The last reply that was an error: code and text. */
  error?: string | undefined;
  /**
   * What a trusted proxy told with XCLIENT: by name in upper case, a port as a number, `false` where it did not know. What it
   * replaced is there as `ADDR:DEFAULT`, `PORT:DEFAULT`, `NAME:DEFAULT` and so on.
   */
  readonly xClient: Map<string, SMTPServerProxyValue>;
  /** The same of XFORWARD. */
  readonly xForward: Map<string, SMTPServerProxyValue>;
  /** Set by a handler: verbs that are unknown in this session, in the place of the server's `disabledCommands`. */
  disabledCommands?: string[] | undefined;
}

export type SMTPServerProxyValue = string | number | false;

/** A message's envelope as it was when its content began: it stays as it is, whatever becomes of the session. */
export type SMTPServerEnvelopeSnapshot = DeepReadonly<SMTPServerEnvelope>;

type DeepReadonly<T> = { readonly [K in keyof T]: T[K] extends object ? DeepReadonly<T[K]> : T[K] };

/**
 * A message: its content with transparency undone. It is destroyed with an error where it is given up before its end
 * (`ECONNECTION`), or was accepted and nobody reads on (`ERR_MAILRIG_UNREAD`).
 */
export interface SMTPServerDataStream extends Readable {
  /** Octets so far. */
  byteLength: number;
  /** Whether they are more than `size` allows. */
  sizeExceeded: boolean;
  /** What the message is for, frozen: the session's own envelope is the next message's as soon as this one is answered. */
  readonly envelope: SMTPServerEnvelopeSnapshot;
}

/** An error whose `responseCode`, 400 to 599, becomes the reply code. 421 closes the connection. */
export interface SMTPServerError extends Error {
  responseCode?: number | undefined;
}

export type SMTPServerCallback<T = unknown> = (error?: SMTPServerError | null, value?: T) => void;

/** What LMTP answers for a recipient: text for 250, or an error. */
export type SMTPServerRecipientAnswer = string | Error | true | null | undefined;

export type SMTPServerDataAnswer = string | readonly SMTPServerRecipientAnswer[] | null | undefined;

/** The same, by the name that it has in the package whose place this one takes. */
export type SMTPServerDataResult = SMTPServerRecipientAnswer;

/**
 * A handler answers in one of three manners. One that declares its last parameter, the callback, answers by calling it, once.
 * One that does not answers by the promise that it returns, or by whatever else it returns, be it nothing.
 *
 * An error refuses: its `responseCode` and `message` are the reply; without a `responseCode` it is 554 for `onConnect` and
 * `onSecure`, 535 for `onAuth`, 550 for `onMailFrom` and `onRcptTo`, 450 for `onData`. A handler that throws although it has a callback to refuse
 * by has failed: 451.
 */
export interface SMTPServerHandlers {
  onConnect(session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  /** After each TLS handshake; before the greeting it comes after `onConnect`. A refusal closes the connection. */
  onSecure(socket: Socket | TLSSocket, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  /** Says `{ user }` to log in. */
  onAuth(
    auth: SMTPServerAuthentication,
    session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerAuthenticationResponse>,
  ): unknown;
  onMailFrom(address: SMTPServerAddress, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  onRcptTo(address: SMTPServerAddress, session: SMTPServerSession, callback: SMTPServerCallback): unknown;
  /** Says the text of the 250, in LMTP a list for the recipients of the envelope. What nobody reads on after that is drained. */
  onData(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: SMTPServerCallback<SMTPServerDataAnswer>,
  ): unknown;
  /** Once for every session, after everything else. Nobody waits for it. */
  onClose(session: SMTPServerSession, callback?: SMTPServerCallback): unknown;
}

/** What is known of a socket that somebody else accepted. */
export interface SMTPServerSocketOptions {
  /** The session's id. @defaultValue one of the server's own */
  readonly id?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  /** Whether to keep it out of the log. @defaultValue false */
  readonly ignore?: boolean | undefined;
}

/** An open connection. */
export interface SMTPServerConnection {
  readonly id: string;
  readonly session: SMTPServerSession;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** Cuts it. */
  close(): void;
}

/** Who has connected. */
export type SMTPServerConnectionInfo = Pick<
  SMTPServerSession,
  'id' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort' | 'clientHostname' | 'hostNameAppearsAs'
>;

export interface SMTPServerEvents {
  /** An address that can't be had; a TLS handshake or a handler that failed: these need no listener. */
  error: [error: Error];
  /** The server has closed. */
  close: [];
  /**
   * A client that `onConnect` did not refuse. Where proxies may name their clients, with XCLIENT or XFORWARD, it waits until one
   * has, or the first MAIL.
   */
  connect: [client: SMTPServerConnectionInfo];
}

type Listening = (() => void) | undefined;

/** Every form of `net.Server.listen`. */
export type SMTPServerListenArguments =
  | [listening?: Listening]
  | [port: number | undefined, listening?: Listening]
  | [port: number | undefined, backlog: number | undefined, listening?: Listening]
  | [port: number | undefined, host: string | undefined, listening?: Listening]
  | [port: number | undefined, host: string | undefined, backlog: number | undefined, listening?: Listening]
  | [path: string, listening?: Listening]
  | [path: string, backlog?: number, listening?: Listening]
  | [options: ListenOptions, listening?: Listening]
  | [handle: Server | Socket | { readonly fd: number }, listening?: Listening]
  | [handle: Server | Socket | { readonly fd: number }, backlog?: number, listening?: Listening];
