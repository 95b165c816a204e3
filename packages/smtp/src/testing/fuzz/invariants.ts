// What must be true of every play, whatever was sent and answered, and when. Each says what is wrong, or nothing.
import { transitions, type Phase } from '../../session/transitions.ts';
import { unstuff } from '../../wire/dot-stuffing.ts';
import { isRefusal, replyClass } from '../../wire/reply.ts';
import { localError } from '../../wire/replies.ts';
import { SECRET } from './grammar.ts';
import { OnPurpose } from './on-purpose.ts';
import { isReceived, type Replied, type SinkRecord, type Tape } from './tape.ts';
import { WrittenOctets } from './written-octets.ts';
import { readReplies } from './written-replies.ts';

export type Invariant = (tape: Tape) => string | undefined;

/** Characters that are written at once: what is collected before it counts as long, and one reply more. */
const WRITE_LIMIT = 65_536 + 4_096;

export const invariants = {
  /** A dialogue never throws at its connection, and never ends it but where a sink or an observer has failed. */
  throwsNothing({ failures, thrown }) {
    const unplanned = [...thrown, ...failures].find((it) => !(it instanceof OnPurpose));
    return unplanned === undefined ? undefined : describe(unplanned);
  },

  /** 451 hides no fault of ours: what fails are the parts that are to fail, and SCRAM without a proof. */
  failsOnPurposeOnly({ failed }) {
    const unplanned = failed.find((it) => !(it instanceof OnPurpose) && !('code' in it));
    return unplanned && describe(unplanned);
  },

  /** Each line is answered once, and so is each body; nothing else is, but by a 421 that ends the session. */
  answersOnce({ events, setting }) {
    // The greeting is due.
    let due = 1;
    for (const event of events) {
      if (isReceived(event)) {
        if (due > 0) return `nothing was answered before ${JSON.stringify(event.received)}`;
        due = 1;
        continue;
      }
      const { after, before, proposal, recipients, replies } = event;
      const ending = after === 'closed' && proposal.refused && proposal.fatal === true;
      const body = proposal.step === 'end-of-data';
      if (due === 0 && !(before === 'body' && body) && !ending) return `${replies[0]?.code} answers nothing`;
      const expected = body && setting.policy.protocol === 'lmtp' ? recipients : 1;
      if (replies.length !== expected) return `${replies.length} replies to ${proposal.step}, and not ${expected}`;
      due = 0;
    }
    return undefined;
  },

  /** What is written are the replies, in their order, and well-formed (RFC 5321 §4.2), or what befell them. Who waits for it is told then. */
  writesReplies(tape) {
    const written = new WrittenOctets(tape);
    if (written.fault !== undefined) return written.fault;
    for (const { answeredBy, told } of tape.sinks) {
      if (answeredBy === undefined || told === undefined) continue;
      if (!written.leavesIn(answeredBy, told)) return `a sink was told after ${told.after} octets`;
    }
    const { enhancedStatusCodes } = tape.setting.policy;
    const codes = readReplies(Buffer.from(written.replies, 'latin1').toString(), enhancedStatusCodes);
    return typeof codes === 'string' ? codes : undefined;
  },

  /** The session moves as the table says, and not otherwise. */
  movesByTheTable({ events }) {
    const moved = events.find((event): event is Replied => !isReceived(event) && !isInTable(event));
    return moved && `${moved.proposal.step} ${moved.replies.at(-1)?.code} leads from ${moved.before} to ${moved.after}`;
  },

  /** What the protocol has refused nobody accepts, and what the application has refused nobody but who refuses it too. */
  keepsRefusals({ events }) {
    for (const event of events) {
      if (isReceived(event)) continue;
      const { proposal, refusals, replies } = event;
      const lie = replies.find(
        (reply, index) => reply && !isRefusal(reply) && (proposal.refused || refusals[index] !== undefined),
      );
      if (lie) return `${lie.code} to ${proposal.step}, which was refused`;
    }
    return undefined;
  },

  /** After every reply the session is consistent. */
  staysConsistent({ events }) {
    const event = events.find((event): event is Replied => !isReceived(event) && event.inconsistency !== undefined);
    return event?.inconsistency;
  },

  /** A line is one (RFC 5321 §2.3.8): what is shown, and taken, as a line after one that was none begins behind a CRLF. */
  readsLines({ events, sent }) {
    // Behind a chunk a line may begin anywhere.
    if (sent.some((part) => /BDAT/i.test(part))) return undefined;
    let refused = false;
    for (const event of events) {
      if (!isReceived(event)) continue;
      const { received } = event;
      if (/[\r\n]/.test(received)) return JSON.stringify(received);
      const shown = !received.startsWith('(') && !received.includes('********');
      if (refused && shown && !isSentAsLine(received, sent)) return JSON.stringify(received);
      refused = received === '(bare line ending)';
    }
    return undefined;
  },

  /** While a client does not read its replies, or an application wants no more for now, nothing is read. */
  waits({ tooEarly }) {
    return tooEarly.length === 0 ? undefined : `${JSON.stringify(tooEarly)} was not awaited yet`;
  },

  /** Each body is ended or aborted, once; then its sink is told, once, that the reply to it has gone. */
  treatsSinksWell({ failures, sinks }) {
    const silenced = failures.some((it) => it instanceof OnPurpose && it.part === 'flushed');
    const faults = sinks.map((sink) => sinkFault(sink, silenced));
    return faults.find((it) => it !== undefined);
  },

  /** No content has a line in it that ends it (CVE-2023-51764), and `end` is told its size (RFC 1870 §6.3). */
  endsBodiesWhereTheyEnd({ sinks }) {
    return sinks.map(contentFault).find((it) => it !== undefined);
  },

  /** Neither lines nor replies pile up. */
  holdsLittle({ excess, longestWrite }) {
    if (excess > 0) return `${excess} octets more than a line are held`;
    return longestWrite > WRITE_LIMIT ? `${longestWrite} characters were held until they were written` : undefined;
  },

  /** Once the session is over nobody is asked, told or written to. */
  isSilentAfterTheEnd({ afterEnd }) {
    return afterEnd.length === 0 ? undefined : `${afterEnd.join(', ')} after the end`;
  },

  /** Where the client gets no reply nobody is asked for one. */
  asksNobodyInVain({ askedInVain }) {
    return askedInVain.length === 0 ? undefined : `${askedInVain.join(', ')} was asked, and can't answer`;
  },

  /** Whatever is waited for will come, or the session ends. */
  goesOn({ stuck }) {
    return stuck;
  },

  /** An observer sees no credentials, those of an exchange that was refused neither. */
  keepsSecrets({ events, setting }) {
    const shown = events.some((event) => isReceived(event) && showsSecret(event.received));
    // Nearly always there is nothing to be looked at.
    if (!shown) return undefined;
    let afterRefusal = false;
    for (const event of events) {
      if (!isReceived(event)) {
        if (event.proposal.step === 'auth')
          afterRefusal = event.replies.some((reply) => reply === null || isRefusal(reply));
        continue;
      }
      const { phase, received } = event;
      const isAuth = /^\s*AUTH/i.test(received);
      const known = COMMANDS.has(received.trim().split(' ', 1)[0]!.toUpperCase());
      if (showsSecret(received) && (isAuth || phase === 'credentials' || (afterRefusal && !known)))
        return JSON.stringify(received);
      if (known && !isAuth) afterRefusal = false;
      // Where AUTH is unknown, too, what follows it may be credentials.
      if (/^\s*AUTH(?:\s|$)/i.test(received) && setting.policy.disabledCommands.has('AUTH')) afterRefusal = true;
    }
    return undefined;
  },
} as const satisfies Readonly<Record<string, Invariant>>;

/** The same octets in another manner: whatever is cut, and whoever waits, the same is said and kept. */
export function saysTheSame(calm: Tape, other: Tape): string | undefined {
  if (other.text !== calm.text) return `${JSON.stringify(other.text)} and not ${JSON.stringify(calm.text)}`;
  if (other.closedBy !== calm.closedBy) return `closed by ${other.closedBy}, and not by ${calm.closedBy}`;
  const [kept, before] = [contents(other), contents(calm)];
  if (kept !== before) return `the content is ${kept}, and not ${before}`;
  const [seen, once] = [lines(other), lines(calm)];
  return seen === once ? undefined : `${seen} was received, and not ${once}`;
}

/** Who was disturbed has said, up to then, what is said without it; a 421 is the last word. */
export function saysNothingElse(calm: Tape, disturbed: Tape): string | undefined {
  const said = disturbed.text.replace(/421 [^\n]*\n$/, '');
  const agrees = calm.text.startsWith(disturbed.text) || calm.text.startsWith(said);
  return agrees ? undefined : `${JSON.stringify(disturbed.text)} begins otherwise than ${JSON.stringify(calm.text)}`;
}

const COMMANDS: ReadonlySet<string> = new Set(
  'EHLO HELO LHLO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY EXPN HELP STARTTLS XCLIENT XFORWARD GET POST PRI'.split(' '),
);

/** The secret, and what base64 makes of it wherever it begins. */
const SECRETS: readonly string[] = [
  SECRET,
  ...[0, 1, 2].map((before) =>
    Buffer.from('\0'.repeat(before) + SECRET)
      .toString('base64')
      .slice(4, -4),
  ),
];

/** Whether it was sent between two ends of lines, of which the beginning, or a handshake, counts as one. */
function isSentAsLine(line: string, sent: readonly string[]): boolean {
  return [...sent, sent.join('')].some((octets) => `\r\n${octets}`.includes(`\r\n${line}\r\n`));
}

function showsSecret(line: string): boolean {
  return SECRETS.some((secret) => line.includes(secret));
}

function isInTable({ after, before, proposal, replies }: Replied): boolean {
  if (replies.some((reply) => reply?.code === 421) || (proposal.refused && proposal.fatal === true))
    return after === 'closed';
  // A reply that never comes counts as a refusal; at the greeting nothing was asked for.
  const kind = replyClass(replies.at(-1) ?? (proposal.step === 'connect' ? proposal.reply : localError));
  const outcome = kind === 'transient' || kind === 'permanent' || proposal.refused ? 'refusal' : kind;
  const expected: Phase = transitions[before][proposal.step]?.[outcome] ?? before;
  return after === expected;
}

function sinkFault({ calls }: SinkRecord, silenced: boolean): string | undefined {
  const order = calls.join(', ');
  // Where one fails at being told that its reply has gone, those after it are not told any more.
  const good = silenced ? /^(?:end|abort)(?:, flushed)?$/ : /^(?:end, flushed|abort(?:, flushed)?)$/;
  return good.test(order) ? undefined : `a sink was told: ${order || 'nothing'}`;
}

function contentFault({ content, size, transfer }: SinkRecord): string | undefined {
  if (transfer === 'DATA' && `\r\n${content}`.includes('\r\n.\r\n'))
    return `a body goes on: ${JSON.stringify(content)}`;
  if (size === undefined) return undefined;
  const octets = Buffer.from(content, 'latin1');
  const expected = transfer === 'DATA' ? unstuff([octets]).length : octets.length;
  return size === expected ? undefined : `${expected} octets are said to be ${size}`;
}

function contents({ sinks }: Tape): string {
  return JSON.stringify(
    sinks.map(({ calls: [first], content, end, size }) => [content.slice(0, octetsUpTo(end)), size, first]),
  );
}

/** Who puts an end to everything may have been given more by then. */
function octetsUpTo(end: SinkRecord['end']): number {
  return end === undefined ? Infinity : Math.max(end.at, 0);
}

function lines({ events }: Tape): string {
  return events.map((event) => (isReceived(event) ? event.received : '')).join('\n');
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
