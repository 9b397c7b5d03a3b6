import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EventRandom, RandomPositionError } from '../random.ts';

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

describe('EventRandom', () => {
  it('returns the same draw whatever was drawn before', () => {
    const position = fc.tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.nat(10));
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(position, { minLength: 1 }), (seed, positions) => {
        const walker = new EventRandom(seed);
        for (const [n, draw] of positions) {
          walker.moveTo(n);
          const fresh = new EventRandom(seed);
          fresh.moveTo(n);
          assert.equal(walker.uint32(draw), fresh.uint32(draw));
          assert.equal(fresh.unit(draw), walker.unit(draw));
        }
      }),
    );
  });

  it('stays in its ranges', () => {
    const inputs = [fc.maxSafeNat(), fc.integer({ min: 0, max: 2 ** 40 }), fc.nat(10)] as const;
    fc.assert(
      fc.property(...inputs, fc.integer({ min: 1, max: 2 ** 32 }), (seed, n, draw, bound) => {
        const random = new EventRandom(seed);
        random.moveTo(n);
        const value = random.below(draw, bound);
        assert.ok(Number.isInteger(value) && value >= 0 && value < bound);
        assert.ok(random.unit(draw) >= 0 && random.unit(draw) < 1);
        assert.equal(random.below(draw, 1), 0);
      }),
    );
  });

  for (const base of bases) {
    it(`is uniform in the high and the low bits of every draw, for events from ${base}`, () => {
      const random = new EventRandom(42);
      for (let draw = 0; draw < 6; draw++) {
        const high = new Float64Array(BUCKETS);
        const low = new Float64Array(BUCKETS);
        const fine = new Float64Array(BUCKETS);
        for (let n = base; n < base + 200_000; n++) {
          random.moveTo(n);
          const word = random.uint32(draw);
          high[word >>> 24]! += 1;
          low[word & 255]! += 1;
          fine[((random.unit(draw) * 2 ** 32 * BUCKETS) % BUCKETS) | 0]! += 1;
        }
        assertUniform(high, `high bits of draw ${draw}`);
        assertUniform(low, `low bits of draw ${draw}`);
        assertUniform(fine, `bits 33 to 40 of draw ${draw}`);
      }
    });

    it(`does not correlate neighbours, for events from ${base}`, () => {
      const at = (seed: number): ((n: number, draw: number) => number) => {
        const random = new EventRandom(seed);
        return (n, draw) => {
          random.moveTo(n);
          return random.below(draw, 16);
        };
      };
      const draws = at(42);
      const otherSeed = at(43);
      const pairs: Record<string, (n: number) => [number, number]> = {
        'next event': (n) => [draws(n, 0), draws(n + 1, 0)],
        'next cycle': (n) => [draws(n, 0), draws(n + 50, 0)],
        'next draw': (n) => [draws(n, 0), draws(n, 1)],
        'next draw but one': (n) => [draws(n, 1), draws(n, 3)],
        'next draw of the next event': (n) => [draws(n, 2), draws(n + 1, 3)],
        'previous draw of the next event': (n) => [draws(n, 3), draws(n + 1, 2)],
        'next seed': (n) => [draws(n, 0), otherSeed(n, 0)],
        'event 2^32 later': (n) => [draws(n, 0), draws(n + 2 ** 32, 0)],
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

  it('flips about half of the bits of a draw when one bit of the event number or the seed flips', () => {
    const flippedBits = (a: number, b: number): number => {
      let bits = 0;
      for (let x = (a ^ b) >>> 0; x !== 0; x >>>= 1) bits += x & 1;
      return bits;
    };
    const word = (seed: number, n: number): number => {
      const random = new EventRandom(seed);
      random.moveTo(n);
      return random.uint32(1);
    };
    const trials = 2000;
    for (let bit = 0; bit < 41; bit++) {
      let ofEvent = 0;
      let ofSeed = 0;
      for (let i = 0; i < trials; i++) {
        const x = i * 7919;
        const flipped = Math.floor(x / 2 ** bit) % 2 === 0 ? x + 2 ** bit : x - 2 ** bit;
        ofEvent += flippedBits(word(5, x), word(5, flipped));
        ofSeed += flippedBits(word(x, 5), word(flipped, 5));
      }
      for (const mean of [ofEvent / trials, ofSeed / trials]) {
        assert.ok(Math.abs(mean - 16) < 0.7, `bit ${bit}: ${mean} of 32 bits flip`);
      }
    }
  });

  it('refuses seeds that are not integers from 0 to 2^53 - 1', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) assert.throws(() => new EventRandom(seed), RandomPositionError);
  });
});
