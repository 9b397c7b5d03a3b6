import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { watchClock } from '../clock-watch.ts';
import { machineFloor, measureFloor } from '../floor.ts';
import { sumCounts } from '../merge-epochs.ts';

/** A clock that returns the given times, then goes on in steps of 1 us. */
function clockOf(timesMs: readonly number[]): () => number {
  let read = 0;
  return () => {
    const last = timesMs.at(-1)!;
    const now = timesMs[read] ?? last + (read - timesMs.length + 1) / 1e3;
    read += 1;
    return now;
  };
}

describe('watchClock', () => {
  it('has one record per microsecond, whatever the gaps', () => {
    const { records } = sumCounts(watchClock(0.004, clockOf([7, 8.5, 8.6])).epochs);
    assert.equal(records, 4000);
  });

  it('lets the records of a gap wait for its end', () => {
    const { maxNs, indexes } = sumCounts(watchClock(0.002, clockOf([0, 1])).epochs);
    assert.equal(maxNs, 1e6);
    // The gap's records waited 1 us to 1000 us: most lie in buckets of their own.
    assert.ok(indexes.length > 900);
  });
});

describe('measureFloor', () => {
  it('gives percentiles in ascending order', async () => {
    const { p50Ns, p99Ns, p999Ns, maxNs } = await measureFloor(2, 0.05);
    assert.ok(0 < p50Ns && p50Ns <= p99Ns && p99Ns <= p999Ns && p999Ns <= maxNs);
  });

  it('merges threads', () => {
    const quiet = watchClock(0.001, clockOf([0]));
    const stalled = watchClock(0.001, clockOf([0, 0.7]));
    assert.equal(Math.round(machineFloor([quiet, stalled]).maxNs), 700_000);
  });
});
