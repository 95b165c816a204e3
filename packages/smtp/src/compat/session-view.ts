// The session object of SMTPServer's handlers, kept true by watching the session.
import type { Connection } from '../server/connection.ts';
import type { SessionObserver } from '../server/handler.ts';
import type { TlsSession } from '../server/tls.ts';
import type { Proposal, Refusal } from '../session/proposal.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import { isCompletion, isRefusal } from '../wire/reply.ts';
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
  error: string | false = false;

  constructor(connection: Connection, protocol: 'smtp' | 'lmtp') {
    this.localAddress = connection.localAddress;
    this.localPort = connection.localPort;
    this.remoteAddress = connection.remoteAddress;
    this.remotePort = connection.remotePort;
    this.clientHostname = `[${connection.remoteAddress}]`;
    this.transmissionType = protocol === 'lmtp' ? 'LMTP' : 'SMTP';
  }
}

/** Keeps a view true to what was really said. */
export function watch(view: SessionView, connection: Connection): SessionObserver {
  /** Where each address stands in the envelope: looking it up there would cost every recipient a look at all the others. */
  const positions = new Map<string, number>();
  return {
    replied(proposal, replies) {
      const reply = replies.at(-1)!;
      if (isRefusal(reply)) view.error = reply.lines.join(' ');
      else if (!proposal.refused && isCompletion(reply)) apply(view, proposal, positions);
      if (proposal.step === 'end-of-data') view.transaction++;
      if (connection.session.transaction === null) view.envelope = { mailFrom: false, rcptTo: [] };
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

/** RFC 3848 */
function transmissionType(view: SessionView, { session }: Connection): string {
  if (session.policy.protocol === 'smtp' && view.openingCommand !== 'EHLO') return 'SMTP';
  const base = session.policy.protocol === 'lmtp' ? 'LMTP' : 'ESMTP';
  return `${base}${session.secure ? 'S' : ''}${session.username === null ? '' : 'A'}`;
}
