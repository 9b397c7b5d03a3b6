/**
 * The identifiers of word count:
 * 1. record n is a pure function of (seed, n), however it is filled;
 * 2. keys are uniform: their high and their low bits, the low bits given the high ones, pairs of neighbours, frequencies;
 * 3. every part of a domain is drawn, also above 2^32.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { WordGenerator } from '../words.ts';

/** Keys of records `from`, `from + stride` and so on. */
function keysOf(generator: WordGenerator, from: number, count: number, stride = 1): Float64Array {
  const key = new Float64Array(count);
  generator.fill({ key }, 0, from, stride, count);
  return key;
}

/** Chi-square of equally likely cells stays within eight standard deviations of its mean. */
function assertUniform(counts: Float64Array, what: string): void {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  assert.ok(
    Math.abs(chiSquare - freedom) < 8 * Math.sqrt(2 * freedom),
    `${what}: chi-square ${chiSquare} of ${freedom}`,
  );
}

const bases = [0, 2 ** 32 - 100_000, 2 ** 40];

describe('WordGenerator', () => {
  it('makes record n from the seed and n alone', () => {
    const domains = fc.constantFrom(1, 1000, 2 ** 24, 256e6, 2 ** 40, 2 ** 53 - 1);
    const position = fc.integer({ min: 0, max: 2 ** 45 });
    fc.assert(
      fc.property(fc.maxSafeNat(), domains, position, fc.integer({ min: 1, max: 64 }), (seed, domain, from, stride) => {
        const keys = keysOf(new WordGenerator(seed, domain), from, 20, stride);
        const other = new WordGenerator(seed, domain);
        const single = Array.from(keys, (_, i) => other.keyOf(from + (19 - i) * stride)).reverse();
        assert.deepEqual([...keys], single);
        for (const key of keys) assert.ok(Number.isInteger(key) && key >= 0 && key < domain);
      }),
    );
  });

  it('goes on across the multiples of 2^32', () => {
    const generator = new WordGenerator(3, 2 ** 40);
    const keys = keysOf(generator, 2 ** 32 - 7, 10, 3);
    assert.deepEqual(
      [...keys],
      Array.from(keys, (_, i) => generator.keyOf(2 ** 32 - 7 + 3 * i)),
    );
  });

  for (const base of bases) {
    for (const domain of [2 ** 24, 2 ** 28, 2 ** 40, 2 ** 52]) {
      it(`draws the high and the low bits of ${domain} keys independently, for records from ${base}`, () => {
        const keys = keysOf(new WordGenerator(42, domain), base, 400_000);
        const joint = new Float64Array(256);
        const neighbours = new Float64Array(256);
        for (let i = 0; i < keys.length; i++) {
          const high = Math.floor((keys[i]! / domain) * 16);
          joint[high * 16 + (keys[i]! % 16)]! += 1;
          if (i > 0) neighbours[high * 16 + (keys[i - 1]! % 16)]! += 1;
        }
        assertUniform(joint, 'low bits by high bits');
        assertUniform(neighbours, 'high bits by the low bits of the record before');
      });
    }
  }

  it('draws some high bits more than once, each time with other low bits', () => {
    // Of 2^19 records, about 2^38 / 2^33 = 32 pairs share their 32 high bits.
    const seen = new Map<number, number>();
    const pairs: [number, number][] = [];
    for (const key of keysOf(new WordGenerator(9, 2 ** 52), 0, 2 ** 19)) {
      const high = Math.floor(key / 2 ** 20);
      const other = seen.get(high);
      if (other !== undefined) pairs.push([key, other]);
      seen.set(high, key);
    }
    assert.ok(pairs.length > 5 && pairs.length < 80, `${pairs.length} pairs`);
    assert.ok(
      pairs.every(([key, other]) => key !== other),
      'equal high bits, equal keys',
    );
  });

  it('draws the keys of a domain of 256e6 alike', () => {
    const domain = 256e6;
    const generator = new WordGenerator(1, domain);
    const counts = new Float64Array(100);
    let seen = 0;
    for (let from = 0; from < 2 ** 22; from += 2 ** 16) {
      for (const key of keysOf(generator, from, 2 ** 16)) {
        counts[key % 100]! += 1;
        if (key >= domain / 2) seen += 1;
      }
    }
    assertUniform(counts, 'keys modulo 100');
    assert.ok(Math.abs(seen / 2 ** 22 - 0.5) < 0.002, `${seen} of ${2 ** 22} keys are in the upper half`);
  });

  it('draws keys above 2^32 from domains above 2^32', () => {
    const keys = keysOf(new WordGenerator(1, 2 ** 34), 0, 10_000);
    const above = keys.filter((key) => key >= 2 ** 32).length;
    assert.ok(Math.abs(above / 10_000 - 0.75) < 0.03, `${above} of 10000 keys`);
    const odd = keysOf(new WordGenerator(1, 2 ** 40), 0, 10_000).filter((key) => key % 2 === 1).length;
    assert.ok(Math.abs(odd / 10_000 - 0.5) < 0.03, `${odd} of 10000 keys are odd`);
  });

  it('draws other keys under another seed', () => {
    const one = keysOf(new WordGenerator(1, 2 ** 40), 0, 1000);
    const two = keysOf(new WordGenerator(2, 2 ** 40), 0, 1000);
    assert.ok(one.every((key, i) => key !== two[i]));
  });
});
