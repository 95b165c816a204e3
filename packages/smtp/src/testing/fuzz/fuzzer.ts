// Plays scenarios until an invariant breaks: new ones out of those that have shown something new.
import { Features } from './features.ts';
import { invariants, saysNothingElse, saysTheSame, type Invariant } from './invariants.ts';
import { fresh, mutant } from './mutation.ts';
import { play } from './player.ts';
import { Prng } from './prng.ts';
import { CALM, disturbed, restless, type Manner, type Scenario } from './scenario.ts';
import type { Tape } from './tape.ts';

/** A scenario in which an invariant does not hold. */
export interface Finding {
  readonly invariant: string;
  readonly fault: string;
  readonly scenario: Scenario;
  /** In which manner it showed. */
  readonly manner: Manner;
}

/** How much oftener those are changed that have come as far as a body: there are few. */
const SHARE = 4;
/** Scenarios that nothing came before, to begin with. */
const FRESH_CASES = 50;

export class Fuzzer {
  readonly features: Features = new Features();
  /** The features that the last case was the first to show. */
  readonly found: number[] = [];
  readonly #prng: Prng;
  readonly #invariants: readonly (readonly [string, Invariant])[];
  readonly #corpus: Scenario[] = [];
  #cases = 0;

  constructor(seed: number, checked: Readonly<Record<string, Invariant>> = invariants) {
    this.#prng = new Prng(seed);
    this.#invariants = Object.entries(checked);
  }

  /** Plays one case more, in three manners. */
  next(): Finding | undefined {
    this.found.length = 0;
    const prng = this.#prng;
    const begun = this.#cases++ < FRESH_CASES || prng.oneIn(6);
    const scenario = begun ? fresh(prng) : mutant(this.#corpus, prng);
    const calm = play(scenario, CALM);
    const finding = this.#judge(scenario, calm, [restless(prng), disturbed(prng)]);
    if (this.found.length > 0) this.#corpus.push(...Array<Scenario>(calm.sinks.length > 0 ? SHARE : 1).fill(scenario));
    return finding;
  }

  #judge(scenario: Scenario, calm: Tape, manners: readonly Manner[]): Finding | undefined {
    const broken = firstBroken(calm, this.#invariants);
    if (broken !== undefined) return { ...broken, scenario, manner: CALM };
    this.features.learn(calm, this.found);
    for (const manner of manners) {
      const tape = play(scenario, manner);
      const broken = firstBroken(tape, this.#invariants) ?? disagreement(calm, tape, manner);
      if (broken !== undefined) return { ...broken, scenario, manner };
      this.features.learn(tape, this.found);
    }
    return undefined;
  }
}

/** Which invariant a scenario breaks in that manner; `undefined` where all of them hold. */
export function judge(
  scenario: Scenario,
  manner: Manner,
  checked: Readonly<Record<string, Invariant>> = invariants,
): Pick<Finding, 'invariant' | 'fault'> | undefined {
  const tape = play(scenario, manner);
  return firstBroken(tape, Object.entries(checked)) ?? disagreement(play(scenario, CALM), tape, manner);
}

function firstBroken(
  tape: Tape,
  checked: readonly (readonly [string, Invariant])[],
): Pick<Finding, 'invariant' | 'fault'> | undefined {
  for (const [invariant, check] of checked) {
    const fault = check(tape);
    if (fault !== undefined) return { invariant, fault };
  }
  return undefined;
}

function disagreement(calm: Tape, tape: Tape, manner: Manner): Pick<Finding, 'invariant' | 'fault'> | undefined {
  const compare = manner.disturbance === null ? saysTheSame : saysNothingElse;
  const fault = compare(calm, tape);
  return fault === undefined ? undefined : { invariant: compare.name, fault };
}
