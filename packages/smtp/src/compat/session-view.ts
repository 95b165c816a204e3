// The session object of SMTPServer's handlers, kept true by what was really said.
import { randomBytes } from 'node:crypto';
import type { Connection } from '../server/connection.ts';
import type { Endpoints } from '../server/connection-settings.ts';
import type { TlsSession } from '../server/tls.ts';
import type { HelloProposal } from '../session/proposal.ts';
import type { ProxyAttributes } from '../session/proxy-attributes.ts';
import type { Parameters } from '../wire/parameters.ts';
import { normalizeAddress } from '../wire/ip-address.ts';
import { newEnvelope } from './envelope.ts';
import { hostNameOr } from './host-name.ts';
import { disabledBy } from './disabled-commands.ts';
import type { SMTPServerEnvelope, SMTPServerProxyValue, SMTPServerSession } from './types.ts';

/** Before EHLO: the public type knows of it in its words only. */
const NOT_YET = false as unknown as string;

export class SessionView implements SMTPServerSession {
  readonly id: string;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  clientHostname: string;
  openingCommand: string = NOT_YET;
  hostNameAppearsAs: string = NOT_YET;
  /** Follows what is said, until somebody sets it. */
  declare transmissionType: string;
  secure: boolean;
  tlsOptions: SMTPServerSession['tlsOptions'] = false;
  servername: string | false | undefined = undefined;
  /** Whoever sets it vouches for the client. */
  declare user: unknown;
  transaction = 1;
  envelope: SMTPServerEnvelope;
  error: string | undefined = undefined;
  /** What a proxy has told, by the attributes of XCLIENT and of XFORWARD. */
  declare readonly xClient: Map<string, SMTPServerProxyValue>;
  declare readonly xForward: Map<string, SMTPServerProxyValue>;
  readonly #connection: Connection;
  readonly #withDsn: boolean;
  #xClient: Map<string, SMTPServerProxyValue> | undefined;
  #xForward: Map<string, SMTPServerProxyValue> | undefined;
  #user: unknown = undefined;
  #transmissionType: string | undefined;
  #disabledCommands: string[] | undefined;

  constructor(connection: Connection, withDsn: boolean, id: string | undefined) {
    this.#connection = connection;
    this.#withDsn = withDsn;
    this.envelope = this.newEnvelope();
    this.id = id ?? newId();
    const { localAddress, localPort, remoteAddress, remotePort }: Endpoints = connection;
    this.localAddress = normalizeAddress(localAddress);
    this.localPort = localPort;
    this.remoteAddress = normalizeAddress(remoteAddress);
    this.remotePort = remotePort;
    this.clientHostname = `[${this.remoteAddress}]`;
    this.secure = connection.session.secure;
    // Half as long as `defineProperties` takes for them.
    for (const [name, accessor] of SessionView.#ownAccessors) Object.defineProperty(this, name, accessor);
  }

  /**
   * Properties of its own: a copy of a session has them too. Their functions are the same for all sessions: each with its own would
   * make a slow object of every one.
   */
  static readonly #ownAccessors: readonly [string, PropertyDescriptor][] = Object.entries<
    PropertyDescriptor & ThisType<SessionView>
  >({
    // They are nearly never told anything: an idle session is to be small.
    xClient: {
      configurable: true,
      enumerable: true,
      get() {
        return (this.#xClient ??= new Map());
      },
      set(told: Map<string, SMTPServerProxyValue>) {
        this.#xClient = told;
      },
    },
    xForward: {
      configurable: true,
      enumerable: true,
      get() {
        return (this.#xForward ??= new Map());
      },
      set(told: Map<string, SMTPServerProxyValue>) {
        this.#xForward = told;
      },
    },
    user: {
      configurable: true,
      enumerable: true,
      get() {
        return this.#user;
      },
      set(user: unknown) {
        this.#user = user;
        this.#vouch();
      },
    },
    transmissionType: {
      configurable: true,
      enumerable: true,
      get() {
        return this.#transmissionType ?? transmissionType(this.#connection);
      },
      set(type: string) {
        this.#transmissionType = type;
      },
    },
  });

  get disabledCommands(): string[] | undefined {
    return this.#disabledCommands;
  }

  /** What is no list is none: the server's holds. */
  set disabledCommands(verbs: string[] | undefined) {
    this.#disabledCommands = verbs;
    this.#connection.disableCommands(Array.isArray(verbs) ? disabledBy(() => verbs) : undefined);
  }

  /** An envelope before MAIL was answered, with what its parameters say. */
  newEnvelope(parameters?: Parameters): SMTPServerEnvelope {
    return newEnvelope(parameters, this.#withDsn);
  }

  /** The client has introduced itself. */
  hello({ name, verb }: HelloProposal): void {
    this.openingCommand = verb;
    this.hostNameAppearsAs = name.toLowerCase();
  }

  /** TLS is on: what was said in clear text is forgotten (RFC 3207 §4.2). */
  secured(tls: TlsSession): void {
    this.secure = true;
    this.tlsOptions = { ...tls.cipher, version: tls.version };
    this.servername = tls.servername ?? false;
    this.transaction = 1;
    this.#forget();
  }

  /** A proxy has named the client for which it speaks. */
  proxied(attributes: ProxyAttributes): void {
    this.#note(this.xClient, attributes);
    this.transaction = 1;
    this.#forget();
  }

  /** A proxy has told where it has the mail from. */
  forwarded(attributes: ProxyAttributes): void {
    this.#note(this.xForward, attributes);
  }

  /** The protocol asks whether somebody is logged in, and not who. */
  #vouch(): void {
    if (!this.#user) this.#connection.authenticate(null);
    else if (this.#connection.session.username === null) this.#connection.authenticate('');
  }

  #forget(): void {
    this.openingCommand = NOT_YET;
    this.hostNameAppearsAs = NOT_YET;
    // The session has forgotten it by itself.
    this.#user = false;
    this.envelope = this.newEnvelope();
  }

  #note(told: Map<string, SMTPServerProxyValue>, attributes: ProxyAttributes): void {
    for (const [name, text] of attributes) {
      const value = text === null ? false : name.endsWith('PORT') ? Number(text) : text;
      told.set(name, value);
      const field = REPLACED[name];
      if (field !== undefined && value !== false) this.#replace(told, `${name}:DEFAULT`, field, value);
    }
    // A name that the proxy could not find is known to be none.
    if (attributes.get('NAME') === null) this.clientHostname = `[${this.remoteAddress}]`;
  }

  #replace(told: Map<string, SMTPServerProxyValue>, name: string, field: ReplacedField, value: string | number): void {
    if (!told.has(name)) told.set(name, this[field]);
    const shown = field === 'clientHostname' ? hostNameOr(String(value), this.remoteAddress) : value;
    Object.assign(this, { [field]: shown });
  }
}

/** Of this process: many may write to one log. */
const PREFIX = randomBytes(8).readBigUInt64BE().toString(36).padStart(10, '0').slice(-10);
let count = 0;

/** 16 letters and digits. */
function newId(): string {
  return PREFIX + (++count).toString(36).padStart(6, '0');
}

type ReplacedField = keyof Endpoints | 'clientHostname';

/** What of a session a proxy's attributes take the place of. */
const REPLACED: Readonly<Record<string, ReplacedField>> = {
  ADDR: 'remoteAddress',
  PORT: 'remotePort',
  DESTADDR: 'localAddress',
  DESTPORT: 'localPort',
  NAME: 'clientHostname',
};

/** RFC 3848, and RFC 6531 §4.3 for the UTF8 forms. */
function transmissionType({ session }: Connection): string {
  const { hello, policy, secure, transaction, username } = session;
  const utf8 = transaction !== null && 'SMTPUTF8' in transaction.parameters;
  const base = policy.protocol === 'lmtp' ? 'LMTP' : hello?.verb === 'EHLO' && !utf8 ? 'ESMTP' : 'SMTP';
  return `${utf8 ? 'UTF8' : ''}${base}${secure ? 'S' : ''}${username === null ? '' : 'A'}`;
}
