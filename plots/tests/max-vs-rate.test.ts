import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparedWindows, maxVsRate, rateMarks } from '../max-vs-rate.ts';
import { groupRuns } from '../run-group.ts';
import { fixtureRun, fixtureStrategy } from './fixture-runs.ts';

/** A run of 60 s that does not migrate: 1 ms, but 50 ms at 30 s and 5 ms at 41 s. */
function still(ratePerSecond: number) {
  const run = fixtureRun({ spec: { migrations: [], ratePerSecond } });
  const timeline = run.timeline.map((row) => ({
    ...row,
    maxNs: row.startS === 30 ? 50e6 : row.startS === 41 ? 5e6 : 1e6,
  }));
  return { ...run, timeline };
}

const moving = (ratePerSecond: number, migrationS: number, strategy: 'fluid' | 'all-at-once') =>
  fixtureRun({ migrationS, spec: { ratePerSecond, strategy: fixtureStrategy(strategy) } });

describe('maximum against rate', () => {
  it('compares all runs of a rate over the same time', () => {
    // The last migration begins at 40 s; the slower of the two has recovered 0.3 s after its 4 s.
    const groups = groupRuns([moving(1e6, 1, 'all-at-once'), moving(1e6, 4, 'fluid'), still(1e6)]);
    assert.deepEqual(comparedWindows(groups), new Array(3).fill({ fromS: 40, toS: 44.3 }));
    const mark = rateMarks(groups).find(({ series }) => series === 'no migration');
    assert.equal(mark?.y, 5);
  });

  it('takes the longest window of other rates where no run migrates, and the whole run where none does at all', () => {
    const groups = groupRuns([moving(1e6, 1, 'fluid'), moving(2e6, 4, 'fluid'), still(3e6)]);
    assert.deepEqual(comparedWindows(groups)[2], { fromS: 40, toS: 44.3 });
    assert.deepEqual(comparedWindows(groupRuns([still(3e6)])), [{ fromS: 2, toS: 58 }]);
    assert.equal(rateMarks(groupRuns([still(3e6)]))[0]?.y, 50);
  });

  it('joins rates from the lowest to the highest, whatever the order in which they were tried', () => {
    const tried = [2e6, 8e6, 4e6, 6e6, 5e6].flatMap((rate) => [moving(rate, 1, 'fluid'), still(rate)]);
    const marks = rateMarks(groupRuns(tried));
    for (const name of new Set(marks.map(({ series }) => series))) {
      const line = marks.filter(({ series }) => series === name);
      assert.deepEqual(
        line.map(({ x }) => x),
        [2e6, 4e6, 5e6, 6e6, 8e6],
      );
    }
    assert.deepEqual([...new Set(marks.map(({ series }) => series))], ['fluid', 'no migration']);
  });

  it('is refused without a record', () => {
    assert.throws(() => maxVsRate(groupRuns([{ ...still(1e6), timeline: [] }])), { name: 'ResultsError' });
  });
});
