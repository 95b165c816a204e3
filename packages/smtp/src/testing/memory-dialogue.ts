// A dialogue joined to a channel in memory, for tests that play the client.
import { Dialogue } from '../server/dialogue.ts';
import type { BodySink, SessionHandler } from '../server/handler.ts';
import { CREDENTIALS_LINE_LIMIT } from '../session/bounds.ts';
import type { SessionPolicy } from '../session/policy.ts';
import { Session } from '../session/session.ts';
import { MemoryChannel } from './memory-channel.ts';
import { policyWith } from './policy.ts';
import { surroundingsWith } from './surroundings.ts';

const LINE_LIMITS = { commandLineLimit: 512, credentialsLineLimit: CREDENTIALS_LINE_LIMIT };

export class MemoryDialogue {
  readonly channel: MemoryChannel = new MemoryChannel();
  readonly session: Session;
  readonly dialogue: Dialogue;

  constructor(handler: SessionHandler = {}, changes: Partial<SessionPolicy> = {}) {
    this.session = new Session(policyWith(changes), surroundingsWith());
    this.dialogue = new Dialogue(this.session, handler, this.channel, LINE_LIMITS);
    this.dialogue.greet();
  }

  /** The client says lines, in one chunk. */
  say(...lines: readonly string[]): void {
    this.send(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** The client sends just these octets (latin1). */
  send(octets: string): void {
    this.dialogue.feed(Buffer.from(octets, 'latin1'));
  }

  answered(): Promise<void> {
    return answered(this.dialogue);
  }

  /** Reply codes since the last call, or the start. */
  heard(): number[] {
    const { codes } = this.channel;
    return codes.slice(this.#heard, (this.#heard = codes.length));
  }
  #heard = 0;
}

/** Resolves when no answer is awaited any more. @throws Error where none comes. */
export async function answered(dialogue: Dialogue): Promise<void> {
  // An answer that is there takes a few turns of the microtask queue for each command.
  for (let turns = 0; dialogue.awaitingAnswer; turns++) {
    if (turns === 1_000) throw new Error('The answer does not come');
    await Promise.resolve();
  }
}

/** A dialogue in which the body is due, for recipients of these names at example.com; what led there is not heard. */
export function inBody(
  handler: SessionHandler,
  changes: Partial<SessionPolicy> = {},
  names: readonly string[] = ['bob'],
): MemoryDialogue {
  const it = new MemoryDialogue(handler, changes);
  it.say(changes.protocol === 'lmtp' ? 'LHLO client.example' : 'EHLO client.example', 'MAIL FROM:<ann@example.org>');
  it.say(...names.map((name) => `RCPT TO:<${name}@example.com>`), 'DATA');
  it.heard();
  return it;
}

/** A dialogue whose sink has asked for a pause after the first piece. */
export function pausedBy(
  firstPiece: string,
  begin: (handler: SessionHandler) => MemoryDialogue,
): { it: MemoryDialogue; sink: RecordingSink; resume: () => void } {
  const sink = new RecordingSink();
  let resume!: () => void;
  const it = begin({ body: (toResume) => ((resume = toResume), sink) });
  sink.accepting = false;
  it.send(firstPiece);
  return { it, sink, resume };
}

/** Keeps what happens to a body, as words: content, `end`, `abort`, `flushed`. */
export class RecordingSink implements BodySink {
  readonly events: string[] = [];
  /** Whether the next piece is taken gladly. */
  accepting = true;
  readonly #answer: BodySink['end'];

  constructor(answer: BodySink['end'] = () => undefined) {
    this.#answer = answer;
  }

  write(piece: Buffer): boolean {
    this.events.push(piece.toString('latin1'));
    return this.accepting;
  }

  end(...args: Parameters<BodySink['end']>): ReturnType<BodySink['end']> {
    this.events.push('end');
    return this.#answer(...args);
  }

  abort(): void {
    this.events.push('abort');
  }

  flushed(): void {
    this.events.push('flushed');
  }
}
