// The session object of SMTPServer's handlers, kept true by watching the session.
import type { Connection } from '../server/connection.ts';
import type { SessionObserver } from '../server/handler.ts';
import type { TlsSession } from '../server/tls.ts';
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import { encodeReply, isCompletion, isRefusal } from '../wire/reply.ts';
import type { SMTPServerAddress, SMTPServerEnvelope, SMTPServerSession } from './types.ts';

let count = 0;

export class SessionView implements SMTPServerSession {
  readonly id: string = (++count).toString(36).padStart(8, '0');
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  clientHostname: string;
  openingCommand: string | false = false;
  hostNameAppearsAs: string | false = false;
  transmissionType: string;
  secure = false;
  tlsOptions: SMTPServerSession['tlsOptions'] = false;
  servername: string | false = false;
  user: unknown = undefined;
  transaction = 1;
  envelope: SMTPServerEnvelope = { mailFrom: false, rcptTo: [] };
  error: string | undefined = undefined;

  constructor(connection: Connection, protocol: 'smtp' | 'lmtp') {
    this.localAddress = withoutMapping(connection.localAddress);
    this.localPort = connection.localPort;
    this.remoteAddress = withoutMapping(connection.remoteAddress);
    this.remotePort = connection.remotePort;
    this.clientHostname = `[${this.remoteAddress}]`;
    this.transmissionType = protocol === 'lmtp' ? 'LMTP' : 'SMTP';
  }
}

/** Keeps a view true to what was really said. */
export function watch(view: SessionView, connection: Connection): SessionObserver {
  const { session } = connection;
  /** Where each address stands in the envelope: looking it up there would cost every recipient a look at all the others. */
  const positions = new Map<string, number>();
  return {
    replied(proposal, replies) {
      const refusal = replies.findLast(isRefusal);
      if (refusal !== undefined) view.error = encodeReply(refusal, session.policy.enhancedStatusCodes).trimEnd();
      if (!proposal.refused && isCompletion(replies.at(-1)!)) apply(view, proposal, positions);
      if (proposal.step === 'end-of-data') view.transaction++;
      // A session that is cut off in mid-transaction shows onClose what it was about.
      if (session.transaction === null && session.phase !== 'closed') view.envelope = { mailFrom: false, rcptTo: [] };
      view.transmissionType = transmissionType(view, connection);
    },
    secured(tls: TlsSession) {
      view.secure = true;
      view.tlsOptions = { ...tls.cipher, version: tls.version };
      view.servername = tls.servername ?? false;
      view.openingCommand = false;
      view.hostNameAppearsAs = false;
      view.user = undefined;
    },
  };
}

export function addressOf(path: Mailbox | ReversePath, parameters: Parameters): SMTPServerAddress {
  return { address: path?.address ?? '', args: Object.keys(parameters).length === 0 ? false : { ...parameters } };
}

function apply(view: SessionView, proposal: Exclude<Proposal, Refusal>, positions: Map<string, number>): void {
  if (proposal.step === 'ehlo') {
    view.openingCommand = proposal.verb;
    view.hostNameAppearsAs = proposal.name;
  } else if (proposal.step === 'mail') {
    view.envelope = { mailFrom: addressOf(proposal.reversePath, proposal.parameters), rcptTo: [] };
    positions.clear();
  } else if (proposal.step === 'rcpt') {
    addRecipient(view.envelope.rcptTo, addressOf(proposal.forwardPath, proposal.parameters), positions);
  }
}

/** A recipient that is repeated is kept once, with its last parameters. RFC 5321 §2.4: local parts are case-sensitive. */
function addRecipient(recipients: SMTPServerAddress[], added: SMTPServerAddress, positions: Map<string, number>): void {
  const position = positions.get(added.address) ?? recipients.length;
  positions.set(added.address, position);
  recipients[position] = added;
}

/** RFC 3848, and RFC 6531 §4.3 for the UTF8 forms. */
function transmissionType(view: SessionView, { session }: Connection): string {
  const { policy, secure, transaction, username } = session;
  if (policy.protocol === 'smtp' && view.openingCommand !== 'EHLO') return 'SMTP';
  const utf8 = transaction !== null && 'SMTPUTF8' in transaction.parameters;
  const base = policy.protocol === 'lmtp' ? 'LMTP' : utf8 ? 'SMTP' : 'ESMTP';
  return `${utf8 ? 'UTF8' : ''}${base}${secure ? 'S' : ''}${username === null ? '' : 'A'}`;
}

/** An IPv4 address as such, where a socket for both families has it as `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2). */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
