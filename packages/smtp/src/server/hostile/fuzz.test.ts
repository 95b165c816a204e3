// What clients send is drawn from a seed, and what is true of every session is checked; scripts/fuzz/soak.mjs does so for longer.
import { expect, test } from 'vitest';
import { transitions, type Phase } from '../../session/transitions.ts';
import { describeFinding } from '../../testing/fuzz/describe-finding.ts';
import { Fuzzer, type Finding } from '../../testing/fuzz/fuzzer.ts';
import { invariants, type Invariant } from '../../testing/fuzz/invariants.ts';
import { shrink } from '../../testing/fuzz/shrink.ts';
import { isReceived } from '../../testing/fuzz/tape.ts';

const SEED = 5321;

/** The first finding among so many cases. */
function fuzz(cases: number, checked: Readonly<Record<string, Invariant>>, seed = SEED): Finding | undefined {
  const fuzzer = new Fuzzer(seed, checked);
  for (let number = 0; number < cases; number++) {
    const finding = fuzzer.next();
    if (finding !== undefined) return finding;
  }
  return undefined;
}

test('whatever a client sends, whoever waits, whatever fails and befalls replies, every invariant holds, in every phase', () => {
  const phases = new Set<Phase>();
  const steps = new Set<string>();
  const effects = new Set<string>();
  const noteWay: Invariant = ({ events }) => {
    for (const event of events) {
      if (isReceived(event)) continue;
      phases.add(event.before);
      steps.add(event.proposal.step);
      for (const mishap of event.mishaps) if (mishap) effects.add(mishap.effect);
    }
    return undefined;
  };
  const finding = fuzz(1_200, { ...invariants, noteWay });
  expect(finding && describeFinding(shrink(finding), `seed ${SEED}`)).toBeUndefined();
  // Nothing is answered once a session is over, and a handshake is no reply.
  const answering = Object.keys(transitions).filter((phase) => phase !== 'closed' && phase !== 'handshake');
  expect(answering.filter((phase) => !phases.has(phase as Phase))).toEqual([]);
  const answered = new Set(Object.values(transitions).flatMap((row) => Object.keys(row)));
  answered.delete('handshake');
  expect([...answered].filter((step) => !steps.has(step))).toEqual([]);
  expect([...effects].sort()).toEqual(['cut', 'delay', 'drop', 'garble', 'stall', 'trickle']);
});

test('a finding is shrunk to what it takes, and tells how to see it again', () => {
  const neverQuits: Invariant = ({ closedBy }) => (closedBy === 'quit' ? 'somebody has quit' : undefined);
  const finding = fuzz(500, { neverQuits })!;
  const smallest = shrink(finding, { neverQuits });
  expect(smallest).toMatchObject({
    invariant: 'neverQuits',
    scenario: { parts: [expect.stringMatching(/^quit\r\n$/i)], setting: 0, answers: 0 },
    manner: { cut: 'whole', timing: null, disturbance: null },
  });
  const text = describeFinding(smallest, `${SEED}:0`);
  expect(text).toContain(`${SEED}:0 breaks neverQuits: somebody has quit`);
  expect(text).toContain('moves: greet | leave | feed "QUIT\\r\\n" | leave | end of input');
});

test('the same seed leads to the same cases, and another one to others', () => {
  const written = (seed: number): string[] => {
    const texts: string[] = [];
    fuzz(100, { note: ({ text }) => void texts.push(text) }, seed);
    return texts;
  };
  const texts = written(1);
  expect(written(1)).toEqual(texts);
  expect(written(2)).not.toEqual(texts);
});
