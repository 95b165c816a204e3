// What a session knows, as commands and observers may read it.
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import type { ExtensionContext } from './extension.ts';
import type { SessionPolicy } from './policy.ts';
import type { HelloVerb } from './proposal.ts';
import type { Phase } from './transitions.ts';

/** How the client introduced itself. */
export interface Hello {
  readonly verb: HelloVerb;
  readonly name: string;
}

/** An accepted RCPT command. */
export interface Recipient {
  readonly forwardPath: Mailbox;
  readonly parameters: Parameters;
}

/** A mail transaction: an accepted MAIL command and the RCPT commands accepted since. */
export interface Transaction {
  readonly reversePath: ReversePath;
  readonly parameters: Parameters;
  readonly recipients: readonly Recipient[];
  /** Octets of the content that BDAT has brought so far (RFC 3030 §2). */
  readonly chunked: number;
  /** Whether one more recipient keeps within the policy's limits. */
  hasRoomFor(forwardPath: Mailbox, policy: SessionPolicy): boolean;
}

export interface SessionState extends ExtensionContext {
  readonly phase: Phase;
  /** `null` before EHLO, and again after STARTTLS (RFC 3207 §4.2). */
  readonly hello: Hello | null;
  readonly transaction: Transaction | null;
  /** MAIL commands answered so far, the refused ones too: so RFC 9422 §4.1 counts them. */
  readonly mailCommands: number;
  /** Who has authenticated, `null` while nobody has. */
  readonly username: string | null;
  /** Whether the client has to authenticate and has not yet (RFC 4954 §6). */
  readonly authMissing: boolean;
}
