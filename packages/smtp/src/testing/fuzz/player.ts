// Plays a scenario: client, application and connection of one dialogue in memory, each of which moves when it is drawn.
import { Session } from '../../session/session.ts';
import * as replies from '../../wire/replies.ts';
import { Application } from './application.ts';
import { cutUp } from './cut-up.ts';
import { DrawnMoods } from './drawn-moods.ts';
import { Draws } from './draws.ts';
import { forgetReader, heldOctets } from './held-octets.ts';
import { PlayedChannel } from './played-channel.ts';
import { PlayedDialogue } from './played-dialogue.ts';
import { Prng } from './prng.ts';
import type { Manner, Scenario } from './scenario.ts';
import { settingOf } from './setting.ts';
import type { AbruptEnd } from './stage.ts';
import { isReceived, Tape } from './tape.ts';

/** Moves of one play: more are none of a play that comes to its end. */
const MOVES_LIMIT = 200_000;

/** Plays it to its end and beyond. `scripted` keeps the moves, in words. */
export function play(scenario: Scenario, manner: Manner, scripted = false): Tape {
  return new Player(scenario, manner, scripted).play();
}

/** Longer than anything takes. */
const LONG = 1_000;

type Move = 'settle' | 'resume' | 'leave' | 'release' | 'pass' | 'feed';

class Player {
  readonly #scenario: Scenario;
  readonly #manner: Manner;
  readonly #tape: Tape;
  readonly #prng: Prng | null;
  readonly #session: Session;
  readonly #channel: PlayedChannel;
  readonly #application: Application;
  readonly #dialogue: PlayedDialogue;
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
    this.#application = new Application({
      draws: new Draws(scenario.answers),
      moods: new DrawnMoods(this.#prng, manner.disturbance),
      session: this.#session,
      tape: this.#tape,
      isOver: () => this.#aborted || this.#channel.over || this.#dialogue.stalling,
      mayRead: () => !this.#channel.holding,
      left: () => ({ after: this.#channel.left, notAfter: this.#channel.leftBefore }),
      putAnEnd: (end) => this.#putAnEnd(end),
    });
    this.#dialogue = new PlayedDialogue(this.#session, this.#application, this.#channel, lineLimits);
    this.#channel.stalled = () => this.#dialogue.stalled;
  }

  play(): Tape {
    forgetReader();
    this.#do('greet', () => this.#dialogue.greet());
    for (const part of this.#scenario.parts) {
      this.#chunks = cutUp(Buffer.from(part, 'latin1'), this.#manner.cut, this.#prng).toReversed();
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
    if (this.#channel.clock.running > 0) possible.push('pass');
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
      case 'pass':
        return this.#do(move, () => this.#channel.clock.advance(LONG));
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
    if (disturbance === null || this.#aborted) return;
    const { clock, waits } = this.#channel;
    const isDue = disturbance.counted === 'moves' || clock.running > 0;
    if (!isDue || disturbance.at !== (disturbance.counted === 'moves' ? this.#moves : waits - 1)) return;
    // A connection in its handshake is cut.
    const cut = this.#channel.handshakeDue;
    switch (disturbance.kind) {
      case 'drain':
        if (cut) return this.#abort();
        this.#draining = true;
        return this.#do('drain', () => this.#dialogue.drain());
      case 'expel':
        return cut ? this.#abort() : this.#do('expel', () => this.#putAnEnd('expel'));
      case 'stall':
        return this.#do('stall', () => this.#putAnEnd('stall'));
      case 'cut':
        return this.#do('cut', () => this.#putAnEnd('cut by rst'));
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

  #putAnEnd(end: AbruptEnd): void {
    if (end === 'stall') this.#dialogue.stall();
    else if (end === 'expel') this.#dialogue.closeWith(replies.shuttingDown, 'server');
    else this.#dialogue.cut(end === 'cut by fin' ? 'fin' : 'rst');
  }

  #endInput(): void {
    this.#inputEnded = true;
    this.#do('end of input', () => this.#dialogue.endInput());
  }

  #abort(): void {
    this.#inputEnded = true;
    this.#aborted = true;
    this.#do('abort', () => this.#dialogue.abort());
    if (this.#channel.clock.running > 0) this.#tape.afterEnd.push('a timer');
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
    if (this.#channel.over || this.#aborted) return;
    if (this.#tape.sinks.some(({ answeredBy, calls }) => answeredBy && calls[0] === 'end' && calls.length === 1))
      this.#tape.stuck = 'a sink is not told that its reply has gone';
    if (this.#inputEnded || this.#session.phase === 'handshake' || this.#dialogue.stalled) return;
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
