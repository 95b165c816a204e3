// The same octets, cut into chunks in different ways: the network may cut them anywhere.
import fc from 'fast-check';

/** Cuts before each of the offsets, which ascend. */
export function splitAt(octets: Buffer, offsets: readonly number[]): Buffer[] {
  return [0, ...offsets].map((from, index) => octets.subarray(from, offsets[index] ?? octets.length));
}

export function octetByOctet(octets: Buffer): Buffer[] {
  return Array.from(octets, (octet) => Buffer.of(octet));
}

/** Whole, octet by octet, and in two at every offset. */
export function splitsOf(octets: Buffer): Buffer[][] {
  const inTwo = Array.from(octets.subarray(1), (_octet, index) => splitAt(octets, [index + 1]));
  return [[octets], octetByOctet(octets), ...inTwo];
}

/** Octets together with a way to cut them; now and then a chunk is empty. */
export function split(octets: fc.Arbitrary<Buffer>): fc.Arbitrary<{ octets: Buffer; chunks: Buffer[] }> {
  return octets.chain((octets) =>
    fc.array(fc.nat({ max: octets.length }), { maxLength: 8 }).map((offsets) => ({
      octets,
      chunks: splitAt(
        octets,
        offsets.sort((a, b) => a - b),
      ),
    })),
  );
}

/** Octets put together from fragments (latin1), so that what is rare in random octets is common. */
export function octetsOf(fragments: readonly string[], maxLength: number): fc.Arbitrary<Buffer> {
  return fc
    .array(fc.constantFrom(...fragments), { maxLength, size: 'max' })
    .map((parts) => Buffer.from(parts.join(''), 'latin1'));
}
