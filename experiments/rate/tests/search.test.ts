import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { confirmed } from '../confirm.ts';
import { searchRate } from '../search.ts';

/** Searches for `capacity`, the highest rate that holds; also returns what was asked. */
async function search(capacity: number, fromPerSecond: number, precision = 1.1) {
  const asked: number[] = [];
  const found = await searchRate({ fromPerSecond, precision }, (rate) => {
    asked.push(rate);
    return Promise.resolve(rate <= capacity);
  });
  return { asked, found };
}

describe('searchRate', () => {
  it('doubles until a rate fails, then bisects', async () => {
    const { asked, found } = await search(3.3e6, 1e6);
    assert.deepEqual(asked.slice(0, 3), [1e6, 2e6, 4e6]);
    assert.ok(found.holdsPerSecond! <= 3.3e6 && found.failsPerSecond > 3.3e6);
    assert.ok(found.failsPerSecond / found.holdsPerSecond! <= 1.1);
  });

  it('halves a first rate that fails', async () => {
    const { asked, found } = await search(30e3, 100e3);
    assert.deepEqual(asked.slice(0, 3), [100e3, 50e3, 25e3]);
    assert.ok(found.holdsPerSecond! <= 30e3 && found.failsPerSecond > 30e3);
  });

  it('gives up where no rate holds', async () => {
    const { asked, found } = await search(0, 4e6);
    assert.equal(asked.length, 11);
    assert.equal(found.holdsPerSecond, undefined);
    assert.equal(found.failsPerSecond, asked.at(-1));
    assert.ok(Math.abs(found.failsPerSecond / (4e6 / 2 ** 10) - 1) < 0.01);
    assert.deepEqual((await search(0, 2)).found, { failsPerSecond: 1 });
  });

  it('brackets every capacity, and asks about no rate twice', async () => {
    const rates = fc.integer({ min: 1, max: 1e9 });
    await fc.assert(
      fc.asyncProperty(rates, rates, async (capacity, from) => {
        const { asked, found } = await search(capacity, from);
        assert.equal(new Set(asked).size, asked.length);
        assert.ok(found.failsPerSecond > capacity);
        if (found.holdsPerSecond === undefined) return;
        assert.ok(found.holdsPerSecond <= capacity);
        // Whole rates may lie further apart than the precision where they are small.
        assert.ok(found.failsPerSecond / found.holdsPerSecond <= 1.1 || found.failsPerSecond < 100);
      }),
    );
  });
});

describe('confirmed', () => {
  it('is what two of at most three tries say', async () => {
    for (const [answers, verdict, tries] of [
      [[true, true], true, 2],
      [[false, false], false, 2],
      [[true, false, true], true, 3],
      [[false, true, false], false, 3],
    ] as const) {
      const numbers: number[] = [];
      const found = await confirmed((number) => {
        numbers.push(number);
        return Promise.resolve(answers[number - 1]!);
      });
      assert.equal(found, verdict);
      assert.deepEqual(numbers, [1, 2, 3].slice(0, tries));
    }
  });
});
