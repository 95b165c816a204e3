// Plays a scenario: client, application and connection of one dialogue in memory, each of which moves when it is drawn.
import { Dialogue } from '../../server/dialogue.ts';
import { Session } from '../../session/session.ts';
import * as replies from '../../wire/replies.ts';
import { octetByOctet, splitAt } from '../split.ts';
import { Application } from './application.ts';
import { DrawnMoods } from './drawn-moods.ts';
import { forgetReader, heldOctets } from './held-octets.ts';
import { PlayedChannel } from './played-channel.ts';
import { Prng } from './prng.ts';
import type { Manner, Scenario } from './scenario.ts';
import { settingOf } from './setting.ts';
import { isReceived, Tape } from './tape.ts';

/** Moves of one play: more are none of a play that comes to its end. */
const MOVES_LIMIT = 200_000;

/** Plays it to its end and beyond. `scripted` keeps the moves, in words. */
export function play(scenario: Scenario, manner: Manner, scripted = false): Tape {
  return new Player(scenario, manner, scripted).play();
}

type Move = 'settle' | 'resume' | 'leave' | 'release' | 'feed';

class Player {
  readonly #scenario: Scenario;
  readonly #manner: Manner;
  readonly #tape: Tape;
  readonly #prng: Prng | null;
  readonly #session: Session;
  readonly #channel: PlayedChannel;
  readonly #application: Application;
  readonly #dialogue: Dialogue;
  /** Those still to be fed, the next one last. */
  #chunks: Buffer[] = [];
  #moves = 0;
  /** The connection has stopped reading until its channel says so. */
  #paused = false;
  #inputEnded = false;
  #draining = false;
  #aborted = false;

  constructor(scenario: Scenario, manner: Manner, scripted: boolean) {
    const setting = settingOf(scenario.setting);
    const { lineLimits, policy, surroundings } = setting;
    this.#scenario = scenario;
    this.#manner = manner;
    this.#tape = new Tape(setting, scenario.parts, scripted);
    this.#prng = manner.timing === null ? null : new Prng(manner.timing);
    this.#session = new Session(policy, surroundings);
    this.#channel = new PlayedChannel(this.#tape, this.#prng, () => (this.#paused = false));
    const isOver = (): boolean => this.#aborted || this.#channel.over;
    const mayRead = (): boolean => !this.#channel.holding;
    const moods = new DrawnMoods(this.#prng, manner.disturbance);
    this.#application = new Application(scenario.answers, this.#session, this.#tape, { moods, isOver, mayRead });
    this.#dialogue = new Dialogue(this.#session, this.#application, this.#channel, lineLimits);
  }

  play(): Tape {
    forgetReader();
    this.#do('greet', () => this.#dialogue.greet());
    for (const part of this.#scenario.parts) {
      this.#chunks = this.#cut(Buffer.from(part, 'latin1')).toReversed();
      this.#moveOn();
      this.#shakeHands();
      if (this.#inputEnded || this.#channel.over) break;
    }
    this.#moveOn();
    this.#noteWhereStuck();
    if (!this.#inputEnded) this.#endInput();
    this.#moveOn();
    if (!this.#channel.over && !this.#aborted) this.#tape.stuck ??= 'the session does not end with its input';
    if (!this.#aborted) this.#abort();
    this.#moveOn();
    this.#tape.text = this.#channel.text;
    this.#tape.closedBy = this.#channel.closedBy;
    return this.#tape;
  }

  #cut(octets: Buffer): Buffer[] {
    const { cut } = this.#manner;
    if (cut === 'octets' && octets.length < 500) return octetByOctet(octets);
    if (cut === 'whole' || octets.length < 2) return octets.length === 0 ? [] : [octets];
    const prng = this.#prng!;
    const offsets = Array.from({ length: 1 + prng.below(8) }, () => 1 + prng.below(octets.length - 1));
    return splitAt(
      octets,
      [...new Set(offsets)].sort((a, b) => a - b),
    );
  }

  /** Everything that can move does, until nothing can. */
  #moveOn(): void {
    for (;;) {
      this.#disturb();
      const move = this.#draw();
      if (move === undefined) return;
      this.#perform(move);
      this.#weigh();
      // As a connection does when its socket is closed.
      if (this.#channel.failed && !this.#aborted) this.#abort();
      if (this.#moves++ > MOVES_LIMIT) {
        this.#tape.stuck ??= 'the play does not end';
        return;
      }
    }
  }

  readonly #possible: Move[] = [];

  #draw(): Move | undefined {
    const possible = this.#possible;
    possible.length = 0;
    if (this.#application.later.length > 0) possible.push('settle');
    if (this.#application.paused.length > 0) possible.push('resume');
    if (this.#channel.leavingLater) possible.push('leave');
    if (this.#channel.holding) possible.push('release');
    // A connection takes what is at hand before it begins a handshake.
    const reading = !this.#paused || this.#channel.handshakeDue;
    if (this.#chunks.length > 0 && reading && !this.#inputEnded) possible.push('feed');
    return this.#prng === null || possible.length === 0 ? possible[0] : this.#prng.pick(possible);
  }

  #perform(move: Move): void {
    switch (move) {
      case 'settle':
        return this.#do(move, take(this.#application.later, this.#prng));
      case 'resume':
        return this.#do(move, take(this.#application.paused, this.#prng));
      case 'leave':
        return this.#do(move, () => this.#channel.leave());
      case 'release':
        this.#channel.holding = false;
        return this.#do(move, () => this.#dialogue.release());
      case 'feed': {
        const chunk = this.#chunks.pop()!;
        return this.#do(this.#tape.script && `feed ${JSON.stringify(chunk.toString('latin1'))}`, () =>
          this.#feed(chunk),
        );
      }
    }
  }

  /** As a connection does: what can't be read now is not asked for. */
  #feed(chunk: Buffer): void {
    this.#dialogue.feed(chunk);
    if (!this.#channel.over && this.#dialogue.saturated && this.#session.phase !== 'handshake') this.#paused = true;
  }

  #shakeHands(): void {
    if (!this.#channel.handshakeDue || this.#channel.over || this.#inputEnded) return;
    this.#channel.handshakeDue = false;
    this.#do('secured', () => this.#dialogue.secured());
    this.#paused = false;
    this.#moveOn();
  }

  #disturb(): void {
    const { disturbance } = this.#manner;
    if (disturbance === null || disturbance.at !== this.#moves || this.#aborted) return;
    // A connection in its handshake is cut.
    const cut = this.#channel.handshakeDue;
    switch (disturbance.kind) {
      case 'drain':
        if (cut) return this.#abort();
        this.#draining = true;
        return this.#do('drain', () => this.#dialogue.drain());
      case 'expel':
        return cut ? this.#abort() : this.#do('expel', () => this.#dialogue.closeWith(replies.shuttingDown, 'server'));
      case 'idle':
        if (this.#dialogue.awaitingAnswer) return;
        return this.#dialogue.reading
          ? this.#do('idle', () => this.#dialogue.closeWith(replies.idleTooLong, 'timeout'))
          : this.#abort();
      case 'end of input':
        return this.#endInput();
      case 'reset':
        return this.#abort();
      default:
    }
  }

  #endInput(): void {
    this.#inputEnded = true;
    this.#do('end of input', () => this.#dialogue.endInput());
  }

  #abort(): void {
    this.#inputEnded = true;
    this.#aborted = true;
    this.#do('abort', () => this.#dialogue.abort());
  }

  #do(words: string | null, action: () => void): void {
    if (words !== null) this.#tape.script?.push(words);
    try {
      action();
    } catch (error) {
      this.#tape.thrown.push(error);
    }
  }

  /** While input is read no more of it is held than the beginning of a line, and the half of its end. */
  #weigh(): void {
    if (!this.#dialogue.reading || this.#channel.over || this.#aborted) return;
    const { commandLineLimit, credentialsLineLimit } = this.#tape.setting.lineLimits;
    const limit = this.#session.expects === 'credentials' ? credentialsLineLimit : commandLineLimit;
    this.#tape.excess = Math.max(this.#tape.excess, heldOctets() - limit - 1);
  }

  /** Whether no message is coming in, nor a chunk of none. */
  #isIdle(): boolean {
    const { expects, phase } = this.#session;
    const last = this.#tape.events.at(-1);
    return expects !== 'body' && phase !== 'chunks' && last !== undefined && !isReceived(last);
  }

  #noteWhereStuck(): void {
    if (this.#channel.over || this.#aborted || this.#inputEnded || this.#session.phase === 'handshake') return;
    if (!this.#dialogue.reading)
      this.#tape.stuck = `nobody is waited for, and nothing is read in ${this.#session.phase}`;
    else if (this.#draining && this.#isIdle())
      this.#tape.stuck = `a session is drained, and does not end in ${this.#session.phase}`;
    else if (this.#paused || this.#chunks.length > 0) this.#tape.stuck = 'the connection was not told to read on';
  }
}

function take<T>(from: T[], prng: Prng | null): T {
  return from.splice(prng === null ? 0 : prng.below(from.length), 1)[0]!;
}
