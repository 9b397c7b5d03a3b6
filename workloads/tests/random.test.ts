import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RandomDraws, SeedError, TWO_POW_32 } from '../random.ts';

const DRAWS = 6;

/** Draw `draw` of record `n`. */
function wordAt(random: RandomDraws, n: number, draw: number): number {
  random.moveTo(Math.floor(n / TWO_POW_32));
  return random.word(n, draw);
}

const BUCKETS = 256;

/** Chi-square of 256 equally likely buckets: mean 255, standard deviation about 22.6. */
function chiSquare(counts: Float64Array): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Eight standard deviations from the mean on either side. */
function assertUniform(counts: Float64Array, what: string): void {
  const value = chiSquare(counts);
  assert.ok(value > 255 - 8 * 22.6 && value < 255 + 8 * 22.6, `${what}: chi-square ${value}`);
}

const bases = [0, 2 ** 20, 2 ** 32 - 100_000, 2 ** 39];

describe('RandomDraws', () => {
  it('returns the same draw whatever was drawn before', () => {
    const position = fc.tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.nat(DRAWS - 1));
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(position, { minLength: 1 }), (seed, positions) => {
        const walker = new RandomDraws(seed, DRAWS);
        for (const [n, draw] of positions) {
          const word = wordAt(walker, n, draw);
          assert.equal(word, wordAt(new RandomDraws(seed, DRAWS), n, draw));
          assert.ok(Number.isInteger(word) && word >= 0 && word < TWO_POW_32);
        }
      }),
    );
  });

  for (const base of bases) {
    it(`is uniform in the high and the low bits of every draw, for records from ${base}`, () => {
      const random = new RandomDraws(42, DRAWS);
      for (let draw = 0; draw < DRAWS; draw++) {
        const high = new Float64Array(BUCKETS);
        const low = new Float64Array(BUCKETS);
        for (let n = base; n < base + 200_000; n++) {
          const word = wordAt(random, n, draw);
          high[word >>> 24]! += 1;
          low[word & 255]! += 1;
        }
        assertUniform(high, `high bits of draw ${draw}`);
        assertUniform(low, `low bits of draw ${draw}`);
      }
    });

    it(`does not correlate neighbours, for records from ${base}`, () => {
      const at = (seed: number): ((n: number, draw: number) => number) => {
        const random = new RandomDraws(seed, DRAWS);
        return (n, draw) => wordAt(random, n, draw) >>> 28;
      };
      const draws = at(42);
      const otherSeed = at(43);
      const pairs: Record<string, (n: number) => [number, number]> = {
        'next record': (n) => [draws(n, 0), draws(n + 1, 0)],
        'next cycle': (n) => [draws(n, 0), draws(n + 50, 0)],
        'next draw': (n) => [draws(n, 0), draws(n, 1)],
        'next draw but one': (n) => [draws(n, 1), draws(n, 3)],
        'next draw of the next record': (n) => [draws(n, 2), draws(n + 1, 3)],
        'previous draw of the next record': (n) => [draws(n, 3), draws(n + 1, 2)],
        'next seed': (n) => [draws(n, 0), otherSeed(n, 0)],
        'record 2^32 later': (n) => [draws(n, 0), draws(n + 2 ** 32, 0)],
      };
      for (const [what, pair] of Object.entries(pairs)) {
        const counts = new Float64Array(BUCKETS);
        for (let n = base; n < base + 100_000; n++) {
          const [a, b] = pair(n);
          counts[a * 16 + b]! += 1;
        }
        assertUniform(counts, what);
      }
    });
  }

  it('flips about half of the bits of a draw when one bit of the record number or the seed flips', () => {
    const flippedBits = (a: number, b: number): number => {
      let bits = 0;
      for (let x = (a ^ b) >>> 0; x !== 0; x >>>= 1) bits += x & 1;
      return bits;
    };
    const word = (seed: number, n: number): number => wordAt(new RandomDraws(seed, 2), n, 1);
    const trials = 2000;
    for (let bit = 0; bit < 41; bit++) {
      let ofRecord = 0;
      let ofSeed = 0;
      for (let i = 0; i < trials; i++) {
        const x = i * 7919;
        const flipped = Math.floor(x / 2 ** bit) % 2 === 0 ? x + 2 ** bit : x - 2 ** bit;
        ofRecord += flippedBits(word(5, x), word(5, flipped));
        ofSeed += flippedBits(word(x, 5), word(flipped, 5));
      }
      for (const mean of [ofRecord / trials, ofSeed / trials]) {
        assert.ok(Math.abs(mean - 16) < 0.7, `bit ${bit}: ${mean} of 32 bits flip`);
      }
    }
  });

  it('refuses seeds that are not integers from 0 to 2^53 - 1', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) assert.throws(() => new RandomDraws(seed, 1), SeedError);
  });
});
