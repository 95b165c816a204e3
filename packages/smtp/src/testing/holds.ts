// Checks a property, from the same seed each time: what fails here fails everywhere.
import fc from 'fast-check';

const SEED = 5321;

/** @throws Error that shows the smallest counterexample found. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void, numRuns = 300): void {
  fc.assert(fc.property(arbitrary, predicate), { seed: SEED, numRuns });
}
