// What a session makes of a command: the reply that the protocol proposes, and what the command asks for.
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import type { Reply } from '../wire/reply.ts';
import type { Credentials, SaslExchange } from './sasl/mechanism.ts';
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
}

export interface EndOfDataProposal extends Proposed<'end-of-data'> {
  /** Octets of the content, without stuffing. */
  readonly size: number;
}

export type PlainProposal = Proposed<'connect' | 'starttls' | 'data' | 'rset' | 'noop' | 'quit' | 'other'>;

export type Proposal =
  | Refusal
  | HelloProposal
  | MailProposal
  | RcptProposal
  | AuthProposal
  | EndOfDataProposal
  | PlainProposal;

export function refuse(
  step: Step,
  reply: Reply,
  understood: Omit<Refusal, 'step' | 'refused' | 'reply'> = {},
): Refusal {
  return { step, refused: true, reply, ...understood };
}

export function accept(step: PlainProposal['step'], reply: Reply): PlainProposal {
  return { step, refused: false, reply };
}
