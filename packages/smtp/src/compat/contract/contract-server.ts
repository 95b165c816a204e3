// The API that the contract is about: what a user of either server relies on.
import type { EventEmitter } from 'node:events';
import type { ListenOptions, Server, ServerOpts, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { SecureContext, SecureContextOptions, TlsOptions, TLSSocket } from 'node:tls';

export interface ContractAddress {
  readonly address: string;
  readonly args: Readonly<Record<string, string | true>> | false;
  readonly dsn?: { readonly notify?: readonly string[] | undefined; readonly orcpt?: string | undefined } | undefined;
}

export interface ContractEnvelope {
  readonly mailFrom: ContractAddress | false;
  readonly rcptTo: readonly ContractAddress[];
  readonly bodyType?: string | undefined;
  readonly smtpUtf8?: boolean | undefined;
  readonly requireTLS?: boolean | undefined;
  readonly dsn?: { readonly ret: string | null; readonly envid: string | null } | undefined;
}

export interface ContractSession {
  readonly id: string;
  readonly secure: boolean;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly clientHostname: string;
  readonly openingCommand: string | false;
  readonly hostNameAppearsAs: string | false;
  readonly envelope: ContractEnvelope;
  readonly user?: unknown;
  readonly transaction: number;
  readonly transmissionType: string;
  readonly tlsOptions: { readonly name: string } | false;
  readonly servername?: string | false | null | undefined;
  readonly xClient: ReadonlyMap<string, unknown>;
  readonly xForward: ReadonlyMap<string, unknown>;
  readonly error?: string | undefined;
  disabledCommands?: readonly string[] | undefined;
}

interface ContractAuth {
  readonly method: string;
  readonly username?: string | undefined;
  readonly password?: string | null | undefined;
  readonly authcid?: string | undefined;
  readonly authzid?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly challenge?: string | undefined;
  readonly challengeResponse?: string | undefined;
  validatePassword(password: string): boolean;
}

export interface ContractAuthResponse {
  user?: unknown;
  data?: object | undefined;
  message?: string | undefined;
  responseCode?: number | undefined;
}

export interface ContractStream extends Readable {
  readonly byteLength: number;
  readonly sizeExceeded: boolean;
}

type Callback<T = unknown> = (error?: Error | null, value?: T) => void;

export interface ContractHandlers {
  onConnect(session: ContractSession, callback: Callback): unknown;
  onSecure(socket: Socket | TLSSocket, session: ContractSession, callback: Callback): unknown;
  onAuth(auth: ContractAuth, session: ContractSession, callback: Callback<ContractAuthResponse>): unknown;
  onMailFrom(address: ContractAddress, session: ContractSession, callback: Callback): unknown;
  onRcptTo(address: ContractAddress, session: ContractSession, callback: Callback): unknown;
  onData(
    stream: ContractStream,
    session: ContractSession,
    callback: Callback<string | readonly (string | Error | true | null | undefined)[] | null>,
  ): unknown;
  onClose(session: ContractSession): unknown;
}

type OptionalHandlers = { [Name in keyof ContractHandlers]?: ContractHandlers[Name] | undefined };

export interface ContractOptions extends OptionalHandlers, ServerOpts, TlsOptions {
  secure?: boolean | undefined;
  secured?: boolean | undefined;
  needsUpgrade?: boolean | undefined;
  name?: string | undefined;
  banner?: string | undefined;
  heloResponse?: string | undefined;
  size?: number | undefined;
  hideSize?: boolean | undefined;
  rejectOversized?: boolean | undefined;
  authMethods?: readonly string[] | undefined;
  authOptional?: boolean | undefined;
  authRequiredMessage?: string | undefined;
  allowInsecureAuth?: boolean | undefined;
  disabledCommands?: string | readonly string[] | undefined;
  hideSTARTTLS?: boolean | undefined;
  hidePIPELINING?: boolean | undefined;
  hide8BITMIME?: boolean | undefined;
  hideSMTPUTF8?: boolean | undefined;
  hideENHANCEDSTATUSCODES?: boolean | undefined;
  hideDSN?: boolean | undefined;
  hideREQUIRETLS?: boolean | undefined;
  disableReverseLookup?: boolean | undefined;
  resolver?: { reverse(ip: string, callback: (error: Error | null, names?: string[]) => void): void } | undefined;
  sniOptions?: ReadonlyMap<string, SecureContextOptions> | Readonly<Record<string, SecureContextOptions>> | undefined;
  logger?: boolean | ContractLogger | undefined;
  component?: string | undefined;
  maxClients?: number | undefined;
  useProxy?: boolean | readonly string[] | undefined;
  ignoredHosts?: readonly string[] | undefined;
  useXClient?: boolean | readonly string[] | undefined;
  useXForward?: boolean | readonly string[] | undefined;
  lmtp?: boolean | undefined;
  socketTimeout?: number | undefined;
  closeTimeout?: number | undefined;
  maxAllowedUnauthenticatedCommands?: number | false | undefined;
  maxCommandLength?: number | undefined;
  maxRecipients?: number | undefined;
  lenientAddressParsing?: boolean | undefined;
}

type Log = (fields: object, text: string, ...values: unknown[]) => void;

export type ContractLogger = Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', Log>;

export interface ContractConnect {
  readonly id: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly clientHostname: string | false;
  readonly hostNameAppearsAs: string | false;
}

interface ContractEvents {
  close: [];
  error: [error: Error];
  connect: [client: ContractConnect];
}

type Listening = (() => void) | undefined;

type ContractListenArguments =
  | [port: number, listening?: Listening]
  | [port: number, host: string, listening?: Listening]
  | [port: number, host: string, backlog: number, listening?: Listening]
  | [path: string, listening?: Listening]
  | [options: ListenOptions, listening?: Listening];

export interface ContractServer extends ContractHandlers, Pick<EventEmitter<ContractEvents>, 'on' | 'once' | 'off'> {
  readonly server: Server;
  readonly options: Omit<ContractOptions, 'logger' | keyof ContractHandlers>;
  readonly connections: ReadonlySet<unknown>;
  readonly secureContext: ReadonlyMap<string, SecureContext>;
  listen(...args: ContractListenArguments): Server;
  close(callback?: () => void): void;
  connect(socket: Socket, options?: Partial<ContractConnect> & { readonly ignore?: boolean }): void;
  updateSecureContext(options: TlsOptions): void;
}

export type ContractServerClass = new (options?: ContractOptions) => ContractServer;

/** An error as a handler gives it. */
export function refusal(message: string, responseCode?: number): Error {
  return Object.assign(new Error(message), responseCode === undefined ? {} : { responseCode });
}
