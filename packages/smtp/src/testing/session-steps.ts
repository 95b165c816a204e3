// Sessions without a dialogue: a line is proposed, and a reply of the test's choice is committed.
import type { Proposal } from '../session/proposal.ts';
import type { SessionPolicy } from '../session/policy.ts';
import { Session } from '../session/session.ts';
import type { Phase } from '../session/transitions.ts';
import { parseCommand } from '../wire/command.ts';
import { reply, type Reply } from '../wire/reply.ts';
import { policyWith } from './policy.ts';
import { surroundingsWith } from './surroundings.ts';

/** What a client may send next: a line, or a body of so many octets. */
export type Input = string | { readonly body: number };

/** What the session makes of an input, by what it expects. */
export function proposalFor(session: Session, input: Input): Proposal {
  if (typeof input !== 'string') return session.proposeEndOfData(input.body);
  return session.expects === 'credentials' ? session.proposeCredentials(input) : session.propose(parseCommand(input));
}

/** Commits the reply that is proposed, or the one given instead, and returns it. */
export function ask(session: Session, input: Input, instead?: Reply): Reply {
  const proposal = proposalFor(session, input);
  const sent = instead ?? proposal.reply;
  session.commit(proposal, sent);
  return sent;
}

/** Asks one after the other, and gives the reply codes. */
export function askAll(session: Session, inputs: readonly Input[]): number[] {
  return inputs.map((input) => ask(session, input).code);
}

const HELLO = 'EHLO client.example';
const LHLO = 'LHLO client.example';
const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';

/** A line, and a reply of one's own where the one proposed would not lead on. */
type StepOfWay = readonly [line: string, instead?: Reply];

const failed = reply(451, '4.3.0', 'Disk full');

/** Every phase that a client leads to by what it says. */
export type PhaseReached = Exclude<Phase, 'connect'>;

const WAY_TO: Readonly<Record<PhaseReached, readonly StepOfWay[]>> = {
  hello: [],
  mail: [[HELLO]],
  rcpt: [[HELLO], [MAIL]],
  data: [[HELLO], [MAIL], [RCPT]],
  body: [[HELLO], [MAIL], [RCPT], ['DATA']],
  chunks: [[HELLO], [MAIL], [RCPT], ['BDAT 4']],
  reset: [[HELLO], [MAIL], [RCPT], ['BDAT 4', failed]],
  credentials: [[HELLO], ['AUTH LOGIN']],
  handshake: [['STARTTLS']],
  closed: [['QUIT']],
};

export const PHASES: readonly Phase[] = ['connect', ...(Object.keys(WAY_TO) as PhaseReached[])];

/** The shortest way from the greeting to that phase. */
export function wayTo(phase: PhaseReached, { protocol }: Pick<SessionPolicy, 'protocol'>): readonly StepOfWay[] {
  const way = WAY_TO[phase];
  if (protocol === 'smtp') return way;
  return way.map(([line, ...instead]): StepOfWay => [line === HELLO ? LHLO : line, ...instead]);
}

/** A session that has come as far as that phase, on the shortest way. */
export function sessionIn(phase: Phase, changes: Partial<SessionPolicy> = {}): Session {
  const policy = policyWith({ startTls: 'available', authInsecure: true, ...changes });
  const session = new Session(policy, surroundingsWith());
  if (phase === 'connect') return session;
  const greeting = session.proposeGreeting();
  session.commit(greeting, greeting.reply);
  for (const [line, instead] of wayTo(phase, policy)) ask(session, line, instead);
  if (session.phase !== phase) throw new Error(`In ${session.phase}, and not in ${phase}`);
  return session;
}
