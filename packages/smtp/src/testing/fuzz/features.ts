// What a play has shown: which replies led from where to where, and what came after what. New ones make an input worth keeping.
import type { Mishap } from '../../server/fault.ts';
import { transitions, type Phase, type Step } from '../../session/transitions.ts';
import { isReceived, type Received, type Replied, type Tape } from './tape.ts';

const PHASES = Object.keys(transitions) as Phase[];
const STEPS: readonly Step[] = [
  'connect',
  'ehlo',
  'starttls',
  'handshake',
  'auth',
  'mail',
  'rcpt',
  'data',
  'bdat',
  'end-of-data',
  'rset',
  'noop',
  'quit',
  'xclient',
  'other',
];
const phaseNumbers = new Map(PHASES.map((phase, index) => [phase, index]));
const stepNumbers = new Map(STEPS.map((step, index) => [step, index]));
const CODES = 600;
/** What a line fault has in the place of a reply code. */
const FAULTS = new Map([
  ['(too long)', 1],
  ['(bare line ending)', 2],
]);
/** A mishap has the place of a code, too. */
const EFFECTS: readonly Mishap['effect'][] = ['stall', 'drop', 'garble', 'delay', 'trickle', 'cut'];
/** What the first of them has. */
const FIRST_EFFECT = 10;
/** Above every number of a single feature. */
const PAIRS = PHASES.length * STEPS.length * CODES * PHASES.length;

export class Features {
  readonly #known = new Set<number>();

  get size(): number {
    return this.#known.size;
  }

  /** What the play has shown for the first time goes to `found`. */
  learn(tape: Tape, found: number[]): void {
    let last = 0;
    for (const event of tape.events) {
      const feature = featureOf(event);
      if (feature === undefined) continue;
      this.#add(feature, found);
      this.#add(PAIRS + last * PAIRS + feature, found);
      last = feature;
      for (const mishap of mishapsOf(event)) this.#add(mishap, found);
    }
    this.#add(fatesOf(tape), found);
  }

  #add(feature: number, found: number[]): void {
    if (this.#known.has(feature)) return;
    this.#known.add(feature);
    found.push(feature);
  }
}

/** A line shows something where it is none: of the others it is the reply that does. */
function featureOf(event: Received | Replied): number | undefined {
  if (!isReceived(event))
    return numberOf(event.before, event.proposal.step, event.replies.at(-1)?.code ?? 0, event.after);
  const fault = FAULTS.get(event.received);
  return fault && numberOf(event.phase, 'other', fault, event.phase);
}

/** What has befallen a reply, and where. */
function mishapsOf(event: Received | Replied): number[] {
  if (isReceived(event) || !event.isTroubled) return [];
  const { after, before, mishaps, proposal } = event;
  const effects = mishaps.filter((it) => it !== undefined).map(({ effect }) => FIRST_EFFECT + EFFECTS.indexOf(effect));
  return effects.map((effect) => numberOf(before, proposal.step, effect, after));
}

/** How the last three bodies ended, as a number below those of all other features. */
function fatesOf({ sinks }: Tape): number {
  return sinks.slice(-3).reduce((sum, { calls }) => sum * 8 - calls.length - (calls[0] === 'end' ? 4 : 0), -1);
}

function numberOf(before: Phase, step: Step, code: number, after: Phase): number {
  const left = phaseNumbers.get(before)! * STEPS.length + stepNumbers.get(step)!;
  return (left * CODES + code) * PHASES.length + phaseNumbers.get(after)!;
}
