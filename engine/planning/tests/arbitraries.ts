/** Arbitrary configurations for the property tests. */
import fc from 'fast-check';
import type { Configuration } from '../configurations.ts';

/** Two configurations of the same bins and workers. */
export interface Pair {
  readonly binShift: number;
  readonly peers: number;
  readonly from: Configuration;
  readonly to: Configuration;
}

/**
 * Owners drawn from a seed: `skew` 1 is uniform, more prefers low workers, so that workers' degrees differ; bins of
 * `base` keep their owner with probability `kept`.
 */
export function drawConfiguration(
  bins: number,
  peers: number,
  seed: number,
  skew = 1,
  base?: Configuration,
  kept = 0,
): Configuration {
  const uniform = generator(seed);
  return Int32Array.from({ length: bins }, (_, bin) => {
    const owner = Math.floor(peers * uniform() ** skew);
    return base !== undefined && uniform() < kept ? base[bin]! : owner;
  });
}

/** 1..maxPeers workers and 2^1..2^maxShift bins, from even to very uneven, from equal to wholly different. */
export function configurationPairs(maxPeers: number, maxShift: number): fc.Arbitrary<Pair> {
  return fc
    .record({
      binShift: fc.integer({ min: 1, max: maxShift }),
      peers: fc.integer({ min: 1, max: maxPeers }),
      seed: fc.integer(),
      fromSkew: fc.constantFrom(0.3, 1, 4),
      toSkew: fc.constantFrom(0.3, 1, 4),
      kept: fc.constantFrom(0, 0.5, 0.9, 1),
    })
    .map(({ binShift, peers, seed, fromSkew, toSkew, kept }) => {
      const from = drawConfiguration(2 ** binShift, peers, seed, fromSkew);
      return { binShift, peers, from, to: drawConfiguration(2 ** binShift, peers, ~seed, toSkew, from, kept) };
    });
}

/** Uniform numbers in [0, 1): a Weyl sequence, mixed by the finaliser of MurmurHash3. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
