import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { priceOf } from '../price.ts';

const words = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('priceOf', () => {
  it('is 100 * 10^(6u), rounded', () => {
    fc.assert(
      fc.property(words, (word) => {
        const exact = 100 * 10 ** ((6 * word) / 2 ** 32);
        assert.ok(Math.abs(priceOf(word) - exact) <= 0.5 + 1e-4, `${word}: ${priceOf(word)} for ${exact}`);
        assert.equal(priceOf(word | 0), priceOf(word));
      }),
      { numRuns: 10_000 },
    );
  });

  it('goes from 100 to 10^8 and never falls', () => {
    assert.deepEqual([priceOf(0), priceOf(2 ** 31), priceOf(2 ** 32 - 1)], [100, 100_000, 1e8]);
    fc.assert(fc.property(words, words, (a, b) => assert.ok(priceOf(Math.min(a, b)) <= priceOf(Math.max(a, b)))));
    for (const edge of [2 ** 16, 2 ** 24, 2 ** 31, 255 * 2 ** 24]) {
      for (let word = edge - 50; word < edge + 50; word++) assert.ok(priceOf(word) >= priceOf(word - 1), `${word}`);
    }
  });
});
