import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lookAtClock, roomForLooks, waitsBetween } from '../clock-watch.ts';
import { machineFloor, measureFloor } from '../floor.ts';
import { sumCounts } from '../merge-epochs.ts';

/** Looks at the given times, then each microsecond until 10 ms after the last. */
function looksAt(...timesMs: readonly number[]): Float64Array {
  const lastMs = timesMs.at(-1)!;
  return Float64Array.from([...timesMs, ...Array.from({ length: 10_000 }, (_, i) => lastMs + (i + 1) / 1e3)]);
}

describe('lookAtClock', () => {
  it('looks until the time has passed, in ascending order, into the room it was given', () => {
    const looks = roomForLooks(0.02);
    const kept = lookAtClock(0.02, looks);
    assert.ok(kept > 1 && kept <= looks.length);
    assert.ok(looks[kept - 1]! - looks[0]! >= 20);
    for (let i = 1; i < kept; i++) assert.ok(looks[i]! > looks[i - 1]!);
  });
});

describe('waitsBetween', () => {
  it('has one record per microsecond, whatever the gaps', () => {
    const { records } = sumCounts(waitsBetween(looksAt(7, 8.5, 8.6), 0.004).epochs);
    assert.equal(records, 4000);
  });

  it('lets the records of a gap wait for its end', () => {
    const { maxNs, indexes } = sumCounts(waitsBetween(looksAt(0, 1), 0.002).epochs);
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
    const quiet = waitsBetween(looksAt(0), 0.001);
    const stalled = waitsBetween(looksAt(0, 0.7), 0.001);
    assert.equal(Math.round(machineFloor([quiet, stalled]).maxNs), 700_000);
  });
});
