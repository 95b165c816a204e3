// What a client says, each heard as a proposal: a line, the end of a body, a chunk.
import { refuse, type EndOfDataProposal, type Proposal, type Refusal } from '../session/proposal.ts';
import { Redactor } from '../session/redactor.ts';
import type { Session } from '../session/session.ts';
import { parseCommand } from '../wire/command.ts';
import type { LineFault } from '../wire/reader.ts';
import * as replies from '../wire/replies.ts';
import type { Reply } from '../wire/reply.ts';
import { hasChunk, type ChunkProposal } from './chunk.ts';
import type { SessionObserver } from './handler.ts';
import type { Intake } from './intake.ts';
import type { Judge } from './judgement.ts';

/** Octets of a line without its CRLF. */
export interface LineLimits {
  readonly commandLineLimit: number;
  readonly credentialsLineLimit: number;
}

/** What was heard is to be answered, but for a chunk that is only announced; or nothing after it can be understood. */
export type Heard =
  | { readonly proposal: Proposal }
  | { readonly announced: ChunkProposal }
  | { readonly endOfData: EndOfDataProposal | Refusal }
  | { readonly over: Reply };

export class Hearing {
  readonly #session: Session;
  readonly #observer: SessionObserver | undefined;
  readonly #intake: Intake;
  readonly #judge: Judge;
  readonly #limits: LineLimits;
  readonly #redactor: Redactor;
  /** The last line was refused as none: what follows may belong to it. */
  #inRefusedLine = false;

  constructor(
    session: Session,
    observer: SessionObserver | undefined,
    intake: Intake,
    judge: Judge,
    limits: LineLimits,
  ) {
    this.#session = session;
    this.#observer = observer;
    this.#intake = intake;
    this.#judge = judge;
    this.#limits = limits;
    this.#redactor = new Redactor(session);
  }

  /** What is next; `undefined` until it is there whole. While the session is drained only a message that is coming in goes on. */
  next(draining: boolean): Heard | undefined {
    if (this.#intake.inChunk) return this.#nextChunk();
    if (this.#session.expects === 'body') return this.#nextBody();
    return this.#nextLine(draining);
  }

  /** An AUTH exchange was answered. */
  authAnswered(refused: boolean): void {
    this.#redactor.answered(refused);
  }

  #nextBody(): Heard | undefined {
    const size = this.#intake.readBody();
    return size === undefined ? undefined : { endOfData: this.#session.proposeEndOfData(size) };
  }

  #nextChunk(): Heard | undefined {
    const proposal = this.#intake.readChunk();
    if (proposal === undefined) return undefined;
    return proposal.step === 'end-of-data' ? { endOfData: proposal } : { proposal };
  }

  #nextLine(draining: boolean): Heard | undefined {
    if (this.#beginsTls) return this.#refuseTls();
    const credentials = this.#session.expects === 'credentials';
    const { commandLineLimit, credentialsLineLimit } = this.#limits;
    const line = this.#intake.readLine(credentials ? credentialsLineLimit : commandLineLimit);
    if (line === undefined) return undefined;
    this.#inRefusedLine = typeof line !== 'string';
    if (typeof line !== 'string') return this.#refuseLine(line);
    const command = credentials ? null : parseCommand(line);
    this.#observer?.received?.(this.#redactor.redact(line, command?.verb ?? null));
    // A message that is coming in may end: its next chunk belongs to it.
    const goesOn = this.#session.phase === 'chunks' && command?.verb === 'BDAT';
    if (draining && !goesOn) return { over: replies.shuttingDown };
    if (command === null) return this.#proposed('auth', () => this.#session.proposeCredentials(line));
    return this.#proposed('other', () => this.#session.propose(command));
  }

  get #beginsTls(): boolean {
    const { phase, secure } = this.#session;
    return phase === 'hello' && !secure && !this.#inRefusedLine && this.#intake.beginsTls;
  }

  #refuseTls(): Heard {
    const reason = 'the client began TLS on a port that begins in clear text';
    this.#observer?.handshakeFailed?.(Object.assign(new Error(reason), { reason }));
    return { over: replies.noTlsHere };
  }

  #refuseLine({ fault }: LineFault): Heard {
    this.#redactor.lineRefused();
    this.#observer?.received?.(`(${fault})`, fault);
    if (fault === 'too long') return { over: replies.lineTooLong };
    const step = this.#session.expects === 'credentials' ? 'auth' : 'other';
    return { proposal: refuse(step, replies.bareLineEnding) };
  }

  #proposed(step: Refusal['step'], propose: () => Proposal): Heard {
    const proposal = this.#judge.attempt(step, propose);
    // The reply to BDAT comes after its chunk.
    return hasChunk(proposal) ? { announced: proposal } : { proposal };
  }
}
