// The table of session/transitions.ts as a Mermaid diagram, for ARCHITECTURE.md.
import { transitions, type Phase, type Transition } from '../packages/smtp/src/session/transitions.ts';

/** The diagram's lines: an arrow for each move, the steps that make it on its label. */
export function stateDiagram(): string {
  const labels = new Map<string, string[]>();
  for (const [from, steps] of Object.entries(transitions)) {
    for (const [step, transition] of Object.entries(steps)) {
      for (const [outcome, to] of Object.entries(transition) as [keyof Transition, Phase][]) {
        const arrow = `${from} --> ${to}`;
        labels.set(arrow, [...(labels.get(arrow) ?? []), `${step} ${OUTCOMES[outcome]}`]);
      }
    }
  }
  const arrows = [...labels].map(([arrow, steps]) => `  ${arrow}: ${steps.join(', ')}`);
  return ['stateDiagram-v2', '  [*] --> connect', ...arrows, '  closed --> [*]'].join('\n');
}

const OUTCOMES = { completion: '2yz', intermediate: '3yz', refusal: '4yz/5yz' } as const satisfies Record<
  keyof Transition,
  string
>;
