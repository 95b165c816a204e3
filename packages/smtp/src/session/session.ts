// A session without a socket: `propose` answers a command from the state, `commit` lets the reply really sent move it.
import type { CommandLine } from '../wire/command.ts';
import * as replies from '../wire/replies.ts';
import { reply, replyClass, type Reply } from '../wire/reply.ts';
import { auth, proposeCredentials, refusedExchange, type OpenExchange } from './commands/auth.ts';
import { data } from './commands/data.ts';
import type { CommandDefinition } from './commands/definition.ts';
import { ehlo, helo, lhlo } from './commands/hello.ts';
import { mail } from './commands/mail.ts';
import { rcpt } from './commands/rcpt.ts';
import { expn, help, noop, quit, rset, vrfy } from './commands/simple.ts';
import { starttls } from './commands/starttls.ts';
import type { SessionPolicy } from './policy.ts';
import { accept, refuse, type EndOfDataProposal, type Proposal, type Refusal } from './proposal.ts';
import type { Hello, Recipient, SessionState, Transaction } from './state.ts';
import { transitions, type Phase } from './transitions.ts';

/** What the next octets are. */
export type Expectation = 'command' | 'credentials' | 'body' | 'nothing';

const commands: ReadonlyMap<string, CommandDefinition> = new Map(
  Object.entries({
    MAIL: mail,
    RCPT: rcpt,
    DATA: data,
    AUTH: auth,
    RSET: rset,
    NOOP: noop,
    QUIT: quit,
    STARTTLS: starttls,
    VRFY: vrfy,
    EXPN: expn,
    HELP: help,
  }),
);
// RFC 2033 §4.1: LMTP has LHLO in the place of HELO and EHLO.
const hellos: Readonly<Record<SessionPolicy['protocol'], ReadonlyMap<string, CommandDefinition>>> = {
  smtp: new Map(Object.entries({ EHLO: ehlo, HELO: helo })),
  lmtp: new Map(Object.entries({ LHLO: lhlo })),
};

const expectations: Readonly<Record<Phase, Expectation>> = {
  connect: 'nothing',
  hello: 'command',
  mail: 'command',
  rcpt: 'command',
  data: 'command',
  body: 'body',
  credentials: 'credentials',
  handshake: 'nothing',
  closed: 'nothing',
};

export class Session implements SessionState {
  readonly policy: SessionPolicy;
  #phase: Phase = 'connect';
  #secure = false;
  #hello: Hello | null = null;
  #username: string | null = null;
  #transaction: (Transaction & { readonly recipients: Recipient[] }) | null = null;
  #exchange: OpenExchange | null = null;

  constructor(policy: SessionPolicy, { secure = false }: { readonly secure?: boolean } = {}) {
    this.policy = policy;
    this.#secure = secure;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get expects(): Expectation {
    return expectations[this.#phase];
  }

  get secure(): boolean {
    return this.#secure;
  }

  get hello(): Hello | null {
    return this.#hello;
  }

  get username(): string | null {
    return this.#username;
  }

  get transaction(): Transaction | null {
    return this.#transaction;
  }

  /** RFC 4954 §4 with RFC 3207: in clear text AUTH is to be had only where that is allowed, or there is no TLS. */
  get authOffered(): boolean {
    const { advertisedMechanisms, authInsecure, disabledCommands, startTls } = this.policy;
    if (advertisedMechanisms.length === 0 || disabledCommands.has('AUTH')) return false;
    return this.#secure || authInsecure || startTls === 'absent';
  }

  /** The greeting (RFC 5321 §4.3.1), proposed for the connection itself. */
  proposeGreeting(): Proposal {
    const { banner, name, protocol } = this.policy;
    const words = [name, protocol === 'lmtp' ? 'LMTP' : 'ESMTP', ...(banner === undefined ? [] : [banner])];
    return accept('connect', reply(220, null, words.join(' ')));
  }

  /** Whether there is such a verb. */
  knows(verb: string): boolean {
    return commands.has(verb) || hellos[this.policy.protocol].has(verb);
  }

  propose(command: CommandLine): Proposal {
    const { verb, argument } = command;
    const { disabledCommands, protocol } = this.policy;
    if (disabledCommands.has(verb)) return refuse('other', replies.unknownCommand);
    const definition = commands.get(verb) ?? hellos[protocol].get(verb);
    return definition === undefined ? refuse('other', replies.unknownCommand) : definition.propose(this, argument);
  }

  /** Answers a line that is no command. */
  proposeCredentials(line: string): Proposal {
    return proposeCredentials(this.#exchange!, line);
  }

  /** Answers the end of a body of so many octets. */
  proposeEndOfData(size: number): EndOfDataProposal | Refusal {
    const { maxSize, rejectOversized } = this.policy;
    // RFC 1870 §6.3
    if (rejectOversized && maxSize !== undefined && size > maxSize)
      return refuse('end-of-data', replies.tooLarge, { size });
    return { step: 'end-of-data', refused: false, reply: replies.messageAccepted, size };
  }

  /** The handshake after STARTTLS, or before the greeting, is done: what was said in clear text is forgotten. */
  secured(): void {
    this.#secure = true;
    this.#hello = null;
    this.#username = null;
    this.#transaction = null;
    this.#phase = transitions[this.#phase].handshake?.completion ?? this.#phase;
  }

  /** Takes note of the reply that was sent. */
  commit(proposal: Proposal, sent: Reply): void {
    const kind = replyClass(sent);
    const outcome = kind === 'transient' || kind === 'permanent' || proposal.refused ? 'refusal' : kind;
    const next = sent.code === 421 ? 'closed' : transitions[this.#phase][proposal.step]?.[outcome];
    if (outcome !== 'refusal' && next !== undefined) this.#apply(proposal, sent);
    if (this.#phase === 'body' || next === 'closed') this.#transaction = null;
    if (next !== undefined) this.#phase = next;
  }

  #apply(proposal: Proposal, sent: Reply): void {
    if (proposal.refused) return;
    switch (proposal.step) {
      case 'ehlo':
        // RFC 5321 §4.1.4: EHLO in mid-session resets like RSET.
        this.#hello = { verb: proposal.verb, name: proposal.name };
        this.#transaction = null;
        break;
      case 'mail':
        this.#transaction = { reversePath: proposal.reversePath, parameters: proposal.parameters, recipients: [] };
        break;
      case 'rcpt':
        this.#transaction!.recipients.push({ forwardPath: proposal.forwardPath, parameters: proposal.parameters });
        break;
      case 'rset':
        this.#transaction = null;
        break;
      case 'auth':
        if (replyClass(sent) === 'completion') this.#username = proposal.credentials?.username ?? '';
        else if (proposal.credentials === undefined) this.#exchange = proposal;
        else this.#exchange = refusedExchange(proposal.mechanism);
        break;
    }
  }
}
