import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { balanced, binCounts, oneWorker } from '../configurations.ts';
import { ConfigurationError } from '../errors.ts';
import { changedBins } from '../moves.ts';
import { scaleIn, scaleOut } from '../scaling.ts';
import { configurationPairs } from './arbitraries.ts';

/** Smallest number of moves to a level configuration, over all choices of the workers that get a bin more. */
function fewestMovesToLevel(counts: readonly number[], bins: number): number {
  const workers = counts.length;
  const share = Math.floor(bins / workers);
  let fewest = Infinity;
  for (let chosen = 0; chosen < 2 ** workers; chosen++) {
    const quota = counts.map((_, worker) => share + ((chosen >> worker) & 1));
    if (quota.reduce((sum, bins) => sum + bins, 0) !== bins) continue;
    const moved = counts.reduce((sum, count, worker) => sum + Math.max(0, count - quota[worker]!), 0);
    fewest = Math.min(fewest, moved);
  }
  return fewest;
}

describe('scaleOut', () => {
  it('moves bins from a level start onto the additional workers only', () => {
    const moves = changedBins(balanced(6, 2), scaleOut(balanced(6, 2), 4, 4));
    assert.equal(moves.length, 32);
    assert.ok(moves.every(({ source, target }) => source < 2 && target >= 2));
    assert.deepEqual([...binCounts(scaleOut(balanced(6, 2), 4, 4), 4)], [16, 16, 16, 16]);
  });

  it('leaves a level configuration of as many workers alone', () => {
    assert.deepEqual(scaleOut(balanced(5, 3), 4, 3), balanced(5, 3));
  });

  it('is level and moves the fewest bins, from any start', () => {
    fc.assert(
      fc.property(configurationPairs(6, 6), fc.integer({ min: 0, max: 3 }), ({ from, peers }, more) => {
        const workers = peers + more;
        const before = from.slice();
        const result = scaleOut(from, workers + 1, workers);
        assert.deepEqual(from, before, 'the argument is unchanged');
        const counts = [...binCounts(result, workers + 1)];
        assert.equal(counts.pop(), 0);
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, `not level: ${counts.join(' ')}`);
        const fewest = fewestMovesToLevel([...binCounts(from, workers)], from.length);
        assert.equal(changedBins(from, result).length, fewest);
      }),
    );
  });

  it('refuses to lose workers, and workers that do not exist', () => {
    assert.throws(() => scaleOut(oneWorker(2, 4, 3), 4, 3), {
      name: 'ConfigurationError',
      message: /scaleOut, current, bin 0: expected an owner in 0\.\.2, .* found 3/,
    });
    assert.throws(() => scaleOut(balanced(2, 2), 2, 3), ConfigurationError);
    assert.throws(() => scaleOut(balanced(2, 4), 2, 2), /scaleOut, current, bin 2: .* found 2/);
  });
});

describe('scaleIn', () => {
  it('returns to level when a level configuration shrinks', () => {
    assert.deepEqual([...binCounts(scaleIn(balanced(6, 4), 4, 2), 4)], [32, 32, 0, 0]);
  });

  it('moves the bins of the leaving workers only, to where bins are fewest', () => {
    fc.assert(
      fc.property(configurationPairs(8, 6), fc.integer({ min: 1, max: 8 }), ({ from, peers }, most) => {
        const workers = Math.min(most, peers);
        const before = from.slice();
        const result = scaleIn(from, peers, workers);
        assert.deepEqual(from, before, 'the argument is unchanged');
        for (const [bin, owner] of from.entries()) {
          if (owner < workers) assert.equal(result[bin], owner);
          else assert.ok(result[bin]! < workers);
        }
        // as level as possible: whoever received a bin has at most one more than the worker with the fewest
        const was = binCounts(from, peers).subarray(0, workers);
        const is = binCounts(result, peers).subarray(0, workers);
        const least = Math.min(...is);
        is.forEach((count, worker) => assert.ok(count === was[worker] || count <= least + 1));
      }),
    );
  });

  it('refuses to leave no worker', () => {
    assert.throws(() => scaleIn(balanced(2, 2), 2, 0), {
      name: 'ConfigurationError',
      message: /scaleIn, workers: expected an integer in 1\.\.2 .*, found 0/,
    });
  });
});
