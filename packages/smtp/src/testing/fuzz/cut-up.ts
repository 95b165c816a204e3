// How what a client sends comes in: cut by the manner of a play.
import { octetByOctet, splitAt } from '../split.ts';
import type { Prng } from './prng.ts';
import type { Manner } from './scenario.ts';

/** More octets than that are not cut into single ones. */
const SINGLE_LIMIT = 500;

export function cutUp(octets: Buffer, cut: Manner['cut'], prng: Prng | null): Buffer[] {
  if (cut === 'octets' && octets.length < SINGLE_LIMIT) return octetByOctet(octets);
  if (cut === 'whole' || prng === null || octets.length < 2) return octets.length === 0 ? [] : [octets];
  const offsets = Array.from({ length: 1 + prng.below(8) }, () => 1 + prng.below(octets.length - 1));
  return splitAt(
    octets,
    [...new Set(offsets)].sort((a, b) => a - b),
  );
}
