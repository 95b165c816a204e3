// A session without a socket: `propose` answers a command from the state, `commit` lets the reply really sent move it.
import type { CommandLine } from '../wire/command.ts';
import * as replies from '../wire/replies.ts';
import { replyClass, type Reply } from '../wire/reply.ts';
import { auth, proposeCredentials, refusedExchange, type OpenExchange } from './commands/auth.ts';
import { data } from './commands/data.ts';
import type { CommandDefinition } from './commands/definition.ts';
import { ehlo, helo, lhlo } from './commands/hello.ts';
import { http, HTTP_METHODS } from './commands/http.ts';
import { mail } from './commands/mail.ts';
import { rcpt } from './commands/rcpt.ts';
import { expn, help, noop, quit, rset, vrfy } from './commands/simple.ts';
import { starttls } from './commands/starttls.ts';
import { CommandLimits } from './command-limits.ts';
import { findExtensionCommand } from './extension.ts';
import { greeting } from './greeting.ts';
import type { DisabledCommands, SessionPolicy } from './policy.ts';
import { accept, refuse, type EndOfDataProposal, type Proposal, type Refusal } from './proposal.ts';
import type { SaslContext } from './sasl/mechanism.ts';
import type { Hello, SessionState, Transaction } from './state.ts';
import type { Surroundings } from './surroundings.ts';
import { OpenTransaction } from './transaction.ts';
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
    ...Object.fromEntries(HTTP_METHODS.map((method) => [method, http])),
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
  chunks: 'command',
  reset: 'command',
  credentials: 'credentials',
  handshake: 'nothing',
  closed: 'nothing',
};

export class Session implements SessionState {
  readonly policy: SessionPolicy;
  readonly #surroundings: Surroundings;
  readonly #limits: CommandLimits;
  #disabledCommands: DisabledCommands | undefined;
  #phase: Phase = 'connect';
  #secure: boolean;
  #hello: Hello | null = null;
  #username: string | null = null;
  #transaction: OpenTransaction | null = null;
  #mailCommands = 0;
  readonly #recipientDomains: Set<string> | undefined;
  #exchange: OpenExchange | null = null;
  #handedOver = false;

  constructor(policy: SessionPolicy, surroundings: Surroundings) {
    this.policy = policy;
    this.#surroundings = surroundings;
    this.#limits = new CommandLimits(policy);
    this.#recipientDomains = policy.maxRecipientDomains === undefined ? undefined : new Set();
    this.#secure = surroundings.secure;
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

  get mailCommands(): number {
    return this.#mailCommands;
  }

  get peerAddress(): string {
    return this.#surroundings.peerAddress;
  }

  get handedOver(): boolean {
    return this.#handedOver;
  }

  get saslContext(): SaslContext {
    const { advertisedMechanisms, name } = this.policy;
    const { clientIdentity, crypto } = this.#surroundings;
    const channelBinding = (type: string): Buffer | undefined => this.#surroundings.channelBinding(type);
    return { serverName: name, secure: this.#secure, advertisedMechanisms, clientIdentity, crypto, channelBinding };
  }

  /** RFC 4954 §4 with RFC 3207: in clear text AUTH is to be had only where that is allowed, or there is no TLS. */
  get authOffered(): boolean {
    const { advertisedMechanisms, authInsecure, startTls } = this.policy;
    // RFC 4954 §4: nor is there a second time.
    if (advertisedMechanisms.length === 0 || this.#username !== null || this.#isDisabled('AUTH')) return false;
    return this.#secure || authInsecure || startTls === 'absent' || this.#isDisabled('STARTTLS');
  }

  /** RFC 4954 §6 */
  get authMissing(): boolean {
    return this.policy.authRequired && this.#username === null && !this.#isDisabled('AUTH');
  }

  /** A function of its own, that extensions may take apart from the session; a session that is idle holds none. */
  get isDisabled(): (verb: string) => boolean {
    return (verb) => this.#isDisabled(verb);
  }

  /** Replaces the policy's list of disabled commands for this session; `undefined` returns to it. */
  disableCommands(verbs: DisabledCommands | undefined): void {
    this.#disabledCommands = verbs;
  }

  /** The greeting (RFC 5321 §4.3.1), proposed for the connection itself. */
  proposeGreeting(): Proposal {
    return accept('connect', greeting(this.policy));
  }

  /** Whether there is such a verb. */
  knows(verb: string): boolean {
    return this.#find(verb) !== undefined;
  }

  propose(command: CommandLine): Proposal {
    const { verb, argument } = command;
    const definition = this.#isDisabled(verb) ? undefined : this.#find(verb);
    const excess = this.#limits.excessOf(this, verb, definition !== undefined);
    if (excess !== undefined) return refuse('other', excess);
    return definition === undefined ? unknownCommand : definition.propose(this, argument);
  }

  /** Answers a line that is no command. */
  proposeCredentials(line: string): Proposal {
    const excess = this.#limits.excessOfLine();
    return excess === undefined ? proposeCredentials(this.#exchange!, line) : refuse('auth', excess);
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
    this.#forget();
    this.#phase = transitions[this.#phase].handshake?.completion ?? this.#phase;
  }

  /** Somebody who is trusted vouches for the client, or does no more. */
  authenticate(username: string | null): void {
    this.#username = username;
  }

  /** Takes note of the reply that was sent. */
  commit(proposal: Proposal, sent: Reply): void {
    const kind = replyClass(sent);
    const outcome = kind === 'transient' || kind === 'permanent' || proposal.refused ? 'refusal' : kind;
    const closes = sent.code === 421 || (proposal.refused && proposal.fatal === true);
    const next = closes ? 'closed' : transitions[this.#phase][proposal.step]?.[outcome];
    this.#limits.count(this, proposal, sent);
    if (proposal.step === 'mail') this.#mailCommands++;
    if (outcome !== 'refusal' && next !== undefined) this.#apply(proposal, sent);
    if (next === 'closed' || (proposal.step === 'end-of-data' && next !== undefined)) this.#transaction = null;
    if (next !== undefined) this.#phase = next;
  }

  #isDisabled(verb: string): boolean {
    return (this.#disabledCommands ?? this.policy.disabledCommands).has(verb);
  }

  #find(verb: string): CommandDefinition | undefined {
    const { policy } = this;
    return commands.get(verb) ?? hellos[policy.protocol].get(verb) ?? findExtensionCommand(verb, policy);
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
        this.#transaction = new OpenTransaction(
          proposal.reversePath,
          proposal.parameters,
          this.policy,
          this.#recipientDomains,
        );
        break;
      case 'rcpt':
        this.#transaction!.add({ forwardPath: proposal.forwardPath, parameters: proposal.parameters });
        break;
      case 'bdat':
        this.#transaction!.chunked += proposal.chunk;
        break;
      case 'rset':
      case 'starttls':
        this.#transaction = null;
        break;
      case 'auth':
        if (replyClass(sent) === 'completion') this.#username = proposal.credentials?.username ?? '';
        else if (proposal.credentials === undefined) this.#exchange = proposal;
        else this.#exchange = refusedExchange(proposal.mechanism);
        break;
      case 'xclient':
        this.#forget();
        // A proxy that only names the client's name or login goes on speaking for itself.
        if (proposal.attributes.has('ADDR')) this.#handedOver = true;
        break;
    }
  }

  #forget(): void {
    this.#hello = null;
    this.#username = null;
    this.#transaction = null;
  }
}

const unknownCommand: Refusal = refuse('other', replies.unknownCommand, { unknown: true });
