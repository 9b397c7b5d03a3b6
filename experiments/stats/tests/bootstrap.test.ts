import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { ratioOfMedians, verdictOf } from '../bootstrap.ts';

const repeats = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 3, maxLength: 9 });

describe('the ratio of medians', () => {
  it('stands in its interval, which is turned round with the sides', () => {
    fc.assert(
      fc.property(repeats, repeats, (before, after) => {
        const { ratio, interval } = ratioOfMedians(before, after);
        assert.ok(interval !== undefined);
        assert.ok(interval[0] <= ratio * (1 + 1e-12) && ratio <= interval[1] * (1 + 1e-12));
        assert.deepEqual(ratioOfMedians(before, after), { ratio, interval });
      }),
    );
  });

  it('has no interval with fewer than three repeats on a side', () => {
    assert.deepEqual(ratioOfMedians([2, 2], [4, 4, 4]), { ratio: 2 });
    assert.equal(verdictOf(ratioOfMedians([2, 2], [4, 4, 4])), 'too few repeats');
  });

  it('is told apart from 1 only where the repeats are', () => {
    assert.equal(verdictOf(ratioOfMedians([10, 11, 12], [20, 21, 25])), 'slower');
    assert.equal(verdictOf(ratioOfMedians([20, 21, 25], [10, 11, 12])), 'faster');
    assert.equal(verdictOf(ratioOfMedians([10, 15, 20], [12, 14, 22])), 'no difference');
  });

  it('covers the true ratio about as often as it says, for enough repeats', () => {
    // Exponential waiting times by their inverse distribution, at fixed places of a low-discrepancy sequence.
    let place = 0.5;
    const draw = (): number => -Math.log(1 - (place = (place + 0.6180339887498949) % 1));
    let covered = 0;
    for (let trial = 0; trial < 40; trial++) {
      const before = Array.from({ length: 25 }, draw);
      const after = Array.from({ length: 25 }, draw);
      const [low, high] = ratioOfMedians(before, after).interval!;
      if (low <= 1 && 1 <= high) covered += 1;
    }
    assert.ok(covered >= 34, `${covered} of 40`);
  });
});
