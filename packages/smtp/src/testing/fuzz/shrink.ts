// A smaller scenario that breaks the same invariant: what is left is what it takes.
import { judge, type Finding } from './fuzzer.ts';
import { invariants, type Invariant } from './invariants.ts';
import { CALM, type Scenario } from './scenario.ts';

/** Plays that are tried: what is not small by then stays as it is. */
const ATTEMPTS = 4_000;

type Smaller = Pick<Finding, 'scenario' | 'manner'>;

export function shrink(found: Finding, checked: Readonly<Record<string, Invariant>> = invariants): Finding {
  let best = found;
  let attempts = 0;
  const improve = (candidates: (from: Finding) => Iterable<Smaller>): boolean => {
    for (const candidate of candidates(best)) {
      if (attempts++ > ATTEMPTS) return false;
      const broken = judge(candidate.scenario, candidate.manner, checked);
      if (broken?.invariant !== found.invariant) continue;
      best = { ...candidate, ...broken };
      return true;
    }
    return false;
  };
  const ways = [calmer, plainer, ...[256, 64, 16, 4, 2, 1].map((octets) => shorterBy(octets))];
  for (let better = true; better;) better = ways.map((way) => repeat(() => improve(way))).includes(true);
  return best;
}

/** Whether it has done anything. */
function repeat(improve: () => boolean): boolean {
  let improved = false;
  while (improve()) improved = true;
  return improved;
}

function* calmer({ manner, scenario }: Finding): Iterable<Smaller> {
  if (manner.disturbance !== null) yield { scenario, manner: { ...manner, disturbance: null } };
  if (manner.cut !== 'whole') yield { scenario, manner: { ...manner, cut: 'whole' } };
  if (manner.cut === 'anywhere') yield { scenario, manner: { ...manner, cut: 'octets' } };
  if (manner.timing !== null && manner.cut !== 'anywhere')
    yield { scenario, manner: { ...manner, timing: CALM.timing } };
}

function* plainer({ manner, scenario }: Finding): Iterable<Smaller> {
  if (scenario.answers !== 0) yield { manner, scenario: { ...scenario, answers: 0 } };
  if (scenario.setting !== 0) yield { manner, scenario: { ...scenario, setting: 0 } };
  if (scenario.parts.length < 2) return;
  for (const index of scenario.parts.keys())
    yield { manner, scenario: { ...scenario, parts: scenario.parts.toSpliced(index, 1) } };
}

/** The way that leaves out so many octets anywhere. */
function shorterBy(octets: number): (from: Finding) => Iterable<Smaller> {
  return function* ({ manner, scenario }) {
    for (const [index, part] of scenario.parts.entries()) {
      for (let from = 0; from < part.length; from += octets)
        yield { manner, scenario: without(scenario, index, part.slice(0, from) + part.slice(from + octets)) };
    }
  };
}

function without(scenario: Scenario, index: number, part: string): Scenario {
  return { ...scenario, parts: scenario.parts.with(index, part) };
}
