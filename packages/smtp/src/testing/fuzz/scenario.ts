// One input of the fuzzer: what a client sends, and the seeds of everything else.
import type { Prng } from './prng.ts';

export interface Scenario {
  /** What the client sends (latin1). Between two parts a handshake is done, if one is due. */
  readonly parts: readonly string[];
  /** The server's policy: `settingOf` makes it of this number. */
  readonly setting: number;
  /** What the application and the scripted faults answer. */
  readonly answers: number;
}

/** How a scenario is played: where its octets are cut, and when what can wait happens. */
export interface Manner {
  readonly cut: 'whole' | 'octets' | 'anywhere';
  /** Seeds cuts and timing; `null`: everything happens as soon as it can. */
  readonly timing: number | null;
  readonly disturbance: Disturbance | null;
}

/** What a client or its server does in the middle of everything, or gets wrong. */
export interface Disturbance {
  readonly kind: (typeof DISTURBANCES)[number];
  /** After so many moves, while a reply is on its way for the so manyth time, or at the so manyth call. */
  readonly at: number;
  readonly counted: 'moves' | 'waits';
}

/** The first half happens to the connection, what `throws` is the application's mistake. */
const DISTURBANCES = [
  'drain',
  'expel',
  'stall',
  'cut',
  'idle',
  'end of input',
  'reset',
  'write throws',
  'abort throws',
  'flushed throws',
  'body throws',
  'received throws',
  'replied throws',
  'troubled throws',
  'sent throws',
] as const;

/** Everything in one chunk, and nobody makes anybody wait. */
export const CALM: Manner = { cut: 'whole', timing: null, disturbance: null };

/** A manner without disturbance, in which every answer and every pause may come at any time. */
export function restless(prng: Prng): Manner {
  return { cut: prng.oneIn(8) ? 'octets' : 'anywhere', timing: prng.next(), disturbance: null };
}

export function disturbed(prng: Prng): Manner {
  const counted = prng.oneIn(3) ? 'waits' : 'moves';
  const disturbance = { kind: prng.pick(DISTURBANCES), at: prng.below(prng.pick([3, 30])), counted } as const;
  return { cut: prng.pick(['whole', 'anywhere']), timing: prng.next(), disturbance };
}
