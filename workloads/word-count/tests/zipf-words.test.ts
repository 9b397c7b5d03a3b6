/**
 * The skewed identifiers of word count:
 * 1. ranks occur as often as Zipf's law says, for every exponent and domain, also beyond 2^32;
 * 2. record n is a pure function of (seed, n), however it is filled and whoever fills it;
 * 3. ranks are scattered by a permutation, which keeps the hottest out of each other's bins;
 * 4. without an exponent keys are uniform, as they are without the parameter.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { RandomDraws } from '../../random.ts';
import { checkAgainstOracle, expectedRows, testInput } from '../../tests/run-workload.ts';
import { KeyScatter } from '../key-scatter.ts';
import { hashCountWorkload, keyCountWorkload } from '../word-count.ts';
import { ZipfRanks } from '../zipf-ranks.ts';
import { ZipfWordGenerator } from '../zipf-words.ts';

/** Up to here weights are added up one by one; beyond, a sum is the integral between halves, to 2e-6 of it. */
const SUMMED_RANKS = 1000;

/** Sum of 1 / k^exponent for from <= k < to. */
function weightSum(exponent: number, from: number, to: number): number {
  let sum = 0;
  let k = from;
  for (; k < to && k <= SUMMED_RANKS; k++) sum += k ** -exponent;
  if (k === to) return sum;
  const [a, b] = [k - 0.5, to - 0.5];
  return sum + (exponent === 1 ? Math.log(b / a) : (b ** (1 - exponent) - a ** (1 - exponent)) / (1 - exponent));
}

/** Where groups of ranks start: single ranks first, then groups that grow by a quarter. The last is domain + 1. */
function groupStarts(domain: number): number[] {
  const starts = [];
  for (let k = 1; k <= domain; k = Math.max(k + 1, Math.floor(k * 1.25))) starts.push(k);
  return [...starts, domain + 1];
}

/** Chi-square of the ranks against Zipf's law stays within five standard deviations of its mean. */
function assertZipf(ranks: Float64Array, exponent: number, domain: number): void {
  const sorted = ranks.toSorted();
  const total = weightSum(exponent, 1, domain + 1);
  const starts = groupStarts(domain);
  let [chiSquare, cells, expected, found, at] = [0, 0, 0, 0, 0];
  for (let i = 0; i + 1 < starts.length; i++) {
    const before = at;
    while (at < sorted.length && sorted[at]! < starts[i + 1]!) at += 1;
    expected += (ranks.length * weightSum(exponent, starts[i]!, starts[i + 1]!)) / total;
    found += at - before;
    // Rare groups are joined: the distribution holds for counts that are not small.
    if (expected < 10) continue;
    chiSquare += (found - expected) ** 2 / expected;
    cells += 1;
    [expected, found] = [0, 0];
  }
  assert.equal(at, sorted.length, 'ranks beyond the domain');
  chiSquare += expected > 0 ? (found - expected) ** 2 / Math.max(expected, 1) : 0;
  const freedom = Math.max(1, cells - 1);
  assert.ok(
    Math.abs(chiSquare - freedom) < 5 * Math.sqrt(2 * freedom) + 5,
    `exponent ${exponent}, domain ${domain}: chi-square ${chiSquare} of ${freedom}`,
  );
}

/** Keys of records `from`, `from + stride` and so on. */
function keysOf(generator: ZipfWordGenerator, from: number, count: number, stride = 1): Float64Array {
  const key = new Float64Array(count);
  generator.fill({ key }, 0, from, stride, count);
  return key;
}

const EXPONENTS = [0.05, 0.5, 0.99, 1, 1 + 1e-9, 1.5, 2.5, 4];

describe('ZipfWordGenerator', () => {
  for (const exponent of EXPONENTS) {
    for (const domain of [1, 2, 3, 100, 65_521]) {
      it(`draws ${domain} keys with exponent ${exponent} by Zipf's law`, () => {
        const scatter = new KeyScatter(domain);
        const rankOf = new Float64Array(domain);
        for (let index = 0; index < domain; index++) rankOf[scatter.keyAt(index)] = index + 1;
        const keys = keysOf(new ZipfWordGenerator(11, domain, exponent), 0, 200_000);
        assertZipf(
          keys.map((key) => rankOf[key]!),
          exponent,
          domain,
        );
      });
    }
  }

  it('draws neighbouring records independently', () => {
    const domain = 4;
    const keys = keysOf(new ZipfWordGenerator(5, domain, 1), 2 ** 32 - 100_000, 200_000);
    const single = new Float64Array(domain);
    const pairs = new Float64Array(domain * domain);
    for (let i = 1; i < keys.length; i++) {
      single[keys[i]!]! += 1;
      pairs[keys[i - 1]! * domain + keys[i]!]! += 1;
    }
    const records = keys.length - 1;
    const chiSquare = pairs.reduce((sum, found, pair) => {
      const expected = (single[Math.floor(pair / domain)]! * single[pair % domain]!) / records;
      return sum + (found - expected) ** 2 / expected;
    }, 0);
    assert.ok(chiSquare < 9 + 5 * Math.sqrt(18), `chi-square ${chiSquare} of 9`);
  });

  it('makes record n from the seed and n alone, across the multiples of 2^32 too', () => {
    const domains = fc.constantFrom(1, 2, 1000, 2 ** 26, 2 ** 40, 2 ** 53 - 1);
    const positions = fc.oneof(fc.integer({ min: 0, max: 2 ** 45 }), fc.constant(2 ** 32 - 7));
    const strides = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        domains,
        fc.constantFrom(...EXPONENTS),
        positions,
        strides,
        (seed, domain, exponent, from, stride) => {
          const keys = keysOf(new ZipfWordGenerator(seed, domain, exponent), from, 20, stride);
          const other = new ZipfWordGenerator(seed, domain, exponent);
          const single = Array.from(keys, (_, i) => other.keyOf(from + (19 - i) * stride)).reverse();
          assert.deepEqual([...keys], single);
          for (const key of keys) assert.ok(Number.isInteger(key) && key >= 0 && key < domain);
        },
      ),
    );
  });

  it('draws other ranks under another seed', () => {
    const one = keysOf(new ZipfWordGenerator(1, 2 ** 40, 0.5), 0, 1000);
    const two = keysOf(new ZipfWordGenerator(2, 2 ** 40, 0.5), 0, 1000);
    assert.ok(one.filter((key, i) => key === two[i]).length < 5);
  });
});

describe('ZipfRanks', () => {
  for (const exponent of EXPONENTS) {
    for (const domain of [2 ** 26, 2 ** 40, 2 ** 53 - 1]) {
      it(`draws ${domain} ranks with exponent ${exponent} by Zipf's law, and rejects less than a fifth`, () => {
        const random = new RandomDraws(3, 2);
        const ranks = new ZipfRanks(domain, exponent);
        const drawn = new Float64Array(100_000);
        let draws = 0;
        for (let i = 0; i < drawn.length; draws++) {
          const rank = ranks.rank((random.word(draws, 0) * 2 ** 21 + (random.word(draws, 1) >>> 11)) * 2 ** -53);
          if (rank > 0) drawn[i++] = rank;
        }
        assertZipf(drawn, exponent, domain);
        assert.ok(drawn.length / draws > 0.8, `${drawn.length} of ${draws} accepted`);
      });
    }
  }

  it('takes the smallest and the largest fraction', () => {
    for (const exponent of EXPONENTS) {
      for (const domain of [1, 2, 1000, 2 ** 53 - 1]) {
        const ranks = new ZipfRanks(domain, exponent);
        assert.equal(ranks.rank(1 - 2 ** -53), 1);
        const smallest = ranks.rank(0);
        assert.ok(smallest >= 0 && smallest <= domain, `${smallest} of ${domain}`);
      }
    }
  });
});

describe('KeyScatter', () => {
  it('is a permutation of every domain', () => {
    for (const domain of [...Array.from({ length: 70 }, (_, i) => i + 1), 1000, 4095, 4096, 4097, 100_003]) {
      const scatter = new KeyScatter(domain);
      const keys = Float64Array.from({ length: domain }, (_, index) => scatter.keyAt(index)).sort();
      assert.ok(
        keys.every((key, i) => key === i),
        `domain ${domain}`,
      );
    }
  });

  it('stays within large domains and repeats no key', () => {
    for (const domain of [2 ** 31 + 1, 4096e6, 2 ** 40 + 12_345, 2 ** 53 - 1]) {
      const scatter = new KeyScatter(domain);
      const keys = new Set<number>();
      for (let i = 0; i < 5000; i++) keys.add(scatter.keyAt(i)).add(scatter.keyAt(domain - 1 - i));
      assert.equal(keys.size, 10_000);
      for (const key of keys) assert.ok(Number.isInteger(key) && key >= 0 && key < domain, `${key} of ${domain}`);
    }
  });

  it('gives the hottest keys bins of their own where there are many bins', () => {
    for (const domain of [2 ** 26, 4096e6]) {
      for (const bins of [2 ** 12, 2 ** 14]) {
        const scatter = new KeyScatter(domain);
        const hottest = new Set(Array.from({ length: 16 }, (_, index) => scatter.keyAt(index) % bins));
        assert.equal(hottest.size, 16, `${bins} bins, ${domain} keys`);
      }
    }
  });
});

describe('word count with skewed keys', () => {
  for (const [name, workload] of Object.entries({ 'key-count': keyCountWorkload, 'hash-count': hashCountWorkload })) {
    for (const zipf of [1, 2.5]) {
      it(`${name} counts keys with exponent ${zipf}, native and while bins move`, () => {
        checkAgainstOracle(workload, { ...testInput(1500, 5, 3, { zipf }), domain: 300 }, [1, 3, 5]);
      });
    }

    it(`${name} has the uniform keys with exponent 0`, () => {
      const domain = 300;
      const skewed = { ...testInput(1500, 5, 3, { zipf: 1 }), domain };
      const uniform = { ...testInput(1500, 5, 3, { zipf: 0 }), domain };
      const plain = { ...testInput(1500, 5, 3, {}), domain };
      assert.deepEqual(expectedRows(workload, uniform), expectedRows(workload, plain));
      assert.notDeepEqual(expectedRows(workload, uniform), expectedRows(workload, skewed));
    });
  }
});
