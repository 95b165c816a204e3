// The envelope of SMTPServer's session object.
import { domainToUnicode } from 'node:url';
import { upperCase } from '../wire/command.ts';
import { NO_PARAMETERS, type Parameters } from '../wire/parameters.ts';
import { mailboxKey, type Mailbox, type ReversePath } from '../wire/path.ts';
import { decodeXtext } from '../wire/xtext.ts';
import type {
  SMTPServerAddress,
  SMTPServerAddressArgs,
  SMTPServerEnvelope,
  SMTPServerEnvelopeSnapshot,
  SMTPServerRecipientDSN,
} from './types.ts';

/** An envelope before MAIL was answered, with what the parameters of MAIL say. */
export function newEnvelope(parameters: Parameters | undefined, withDsn: boolean): SMTPServerEnvelope {
  const { BODY, ENVID, RET, REQUIRETLS, SMTPUTF8 } = (parameters && argsOf(parameters)) || {};
  return {
    mailFrom: false,
    rcptTo: [],
    requireTLS: REQUIRETLS === true,
    bodyType: typeof BODY === 'string' ? (BODY.toLowerCase() as SMTPServerEnvelope['bodyType']) : '7bit',
    smtpUtf8: SMTPUTF8 === true,
    ...(withDsn ? { dsn: { ret: upperCaseOf(RET), envid: typeof ENVID === 'string' ? ENVID : null } } : {}),
  };
}

export function addressOf(path: ReversePath, parameters: Parameters): SMTPServerAddress {
  return { address: path === null ? '' : withUnicodeDomain(path), args: argsOf(parameters) };
}

export function recipientOf(path: Mailbox, parameters: Parameters, withDsn: boolean): SMTPServerAddress {
  const address = addressOf(path, parameters);
  const dsn = withDsn ? recipientDsn(address.args || {}) : undefined;
  return dsn === undefined ? address : { ...address, dsn };
}

/** The recipients of an envelope: one that is repeated is kept once, with its last parameters. */
export class RecipientPlaces {
  /** Where each mailbox stands: looking it up in the envelope would cost every recipient a look at all the others. */
  #places: Map<string, number> | undefined;

  clear(): void {
    this.#places?.clear();
  }

  /** RFC 5321 §2.4: local parts are case-sensitive. */
  put(recipients: SMTPServerAddress[], added: SMTPServerAddress, path: Mailbox): void {
    // An idle session is to be small.
    this.#places ??= new Map();
    const key = mailboxKey(path);
    const place = this.#places.get(key) ?? recipients.length;
    this.#places.set(key, place);
    recipients[place] = added;
  }

  /** Where the mailbox stands; `undefined` where it does not. */
  placeOf(path: Mailbox): number | undefined {
    return this.#places?.get(mailboxKey(path));
  }
}

/** The envelope as it is now, for consumers that outlive it. */
export function snapshotOf(envelope: SMTPServerEnvelope): SMTPServerEnvelopeSnapshot {
  return deepFreeze(structuredClone(envelope));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

/** As the client spelled it, but for A-labels (RFC 5890 §2.3.2.1), which handlers know as the names that they stand for. */
function withUnicodeDomain({ address, domain, localPart }: Mailbox): string {
  if (!/xn--/i.test(domain)) return address;
  return `${localPart}@${domainToUnicode(domain) || domain}`;
}

function argsOf(parameters: Parameters): SMTPServerAddressArgs | false {
  // A list of no entries would be made for nearly every command.
  if (parameters === NO_PARAMETERS) return false;
  const entries = Object.entries(parameters);
  if (entries.length === 0) return false;
  return Object.fromEntries(entries.map(([name, value]) => [name, value === true ? true : decoded(value)]));
}

/** RFC 3461 §4: parameters that may hold any text have it in xtext. */
function decoded(value: string): string {
  return value.includes('+') ? (decodeXtext(value) ?? value) : value;
}

function recipientDsn({ NOTIFY, ORCPT }: SMTPServerAddressArgs): SMTPServerRecipientDSN | undefined {
  if (typeof NOTIFY !== 'string' && typeof ORCPT !== 'string') return undefined;
  return {
    ...(typeof NOTIFY === 'string' ? { notify: upperCase(NOTIFY).split(',') } : {}),
    ...(typeof ORCPT === 'string' ? { orcpt: ORCPT } : {}),
  };
}

function upperCaseOf(value: string | true | undefined): string | null {
  return typeof value === 'string' ? upperCase(value) : null;
}
