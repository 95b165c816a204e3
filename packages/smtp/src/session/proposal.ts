// What a session makes of a command: the reply that the protocol proposes, and what the command asks for.
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import type { Reply } from '../wire/reply.ts';
import type { Credentials, SaslExchange } from './sasl/mechanism.ts';
import type { ProxyAttributes } from './proxy-attributes.ts';
import type { Step } from './transitions.ts';

/** The verbs that open a session. */
export type HelloVerb = 'EHLO' | 'HELO' | 'LHLO';

/** The protocol refuses; nobody is asked. What was understood of the command is told all the same. */
export interface Refusal {
  readonly step: Step;
  readonly refused: true;
  readonly reply: Reply;
  readonly reversePath?: ReversePath | undefined;
  readonly forwardPath?: Mailbox | undefined;
  readonly parameters?: Parameters;
  /** Octets of the body that was too large. */
  readonly size?: number;
  readonly mechanism?: string;
  /** Octets of a chunk (RFC 3030 §2) that follows the command, and is thrown away before the reply is sent. */
  readonly chunk?: number;
  /** What the client says next could not be understood any more: the session is over. */
  readonly fatal?: true;
  /** There is no such command. */
  readonly unknown?: true;
}

interface Proposed<S extends Step> {
  readonly step: S;
  readonly refused: false;
  /** Sent unless somebody who is asked answers otherwise. */
  readonly reply: Reply;
}

export interface HelloProposal extends Proposed<'ehlo'> {
  readonly verb: HelloVerb;
  readonly name: string;
}

export interface MailProposal extends Proposed<'mail'> {
  readonly reversePath: ReversePath;
  readonly parameters: Parameters;
}

export interface RcptProposal extends Proposed<'rcpt'> {
  readonly forwardPath: Mailbox;
  readonly parameters: Parameters;
}

export interface AuthProposal extends Proposed<'auth'> {
  readonly mechanism: string;
  /** What a 334 goes on with. */
  readonly exchange: SaslExchange;
  /** Absent while the exchange goes on: the proposed reply is its next challenge. */
  readonly credentials?: Credentials;
  /** Additional data with success (RFC 4422 §3.6), for when the credentials were accepted. */
  readonly success?: () => string;
  /** The credentials were accepted before that data was sent: nobody is asked again. */
  readonly judged?: true;
}

export interface BdatProposal extends Proposed<'bdat'> {
  /** Octets that follow the command, and come before the reply (RFC 3030 §2). */
  readonly chunk: number;
}

export interface EndOfDataProposal extends Proposed<'end-of-data'> {
  /** Octets of the content, without stuffing. */
  readonly size: number;
  /** Octets of the last chunk, where it was BDAT that brought the content. */
  readonly chunk?: number;
}

/** XCLIENT: somebody says who the client really is. */
export interface XclientProposal extends Proposed<'xclient'> {
  readonly attributes: ProxyAttributes;
}

/** XFORWARD, or a command that an extension adds. */
export interface OtherProposal extends Proposed<'other'> {
  /** What XFORWARD tells. */
  readonly forwarded?: ProxyAttributes;
}

export type PlainProposal = Proposed<'connect' | 'starttls' | 'data' | 'rset' | 'noop' | 'quit'>;

export type Proposal =
  | Refusal
  | HelloProposal
  | MailProposal
  | RcptProposal
  | AuthProposal
  | BdatProposal
  | EndOfDataProposal
  | XclientProposal
  | OtherProposal
  | PlainProposal;

/** Proposes a refusal by the protocol. */
export function refuse(
  step: Step,
  reply: Reply,
  understood: Omit<Refusal, 'step' | 'refused' | 'reply'> = {},
): Refusal {
  return { step, refused: true, reply, ...understood };
}

/** Proposes a reply to a command that asks for nothing else. */
export function accept(step: (PlainProposal | OtherProposal)['step'], reply: Reply): PlainProposal | OtherProposal {
  return { step, refused: false, reply };
}
