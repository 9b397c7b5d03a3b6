import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maximumRange, medianTimeline, mergedCcdf, percentileOf } from '../repeats.ts';
import { fixtureRun } from './fixture-runs.ts';

const row = (epoch: number, maxNs: number, records = 1) => ({
  epoch,
  startS: epoch / 4,
  records,
  p25Ns: maxNs / 8,
  p50Ns: maxNs / 4,
  p99Ns: maxNs / 2,
  p999Ns: maxNs,
  maxNs,
});

const run = fixtureRun();
const timed = (...timeline: readonly ReturnType<typeof row>[]) => ({ ...run, timeline });

describe('repeats', () => {
  it('have a range of the maxima of each epoch', () => {
    assert.deepEqual(maximumRange([timed(row(0, 5e6), row(1, 9e6)), timed(row(0, 7e6), row(1, 0, 0))]), [
      { timeS: 0, lowMs: 5, highMs: 7 },
      { timeS: 0.25, lowMs: 9, highMs: 9 },
      { timeS: 0.5, lowMs: 9, highMs: 9 },
    ]);
  });

  it('have a median of each percentile of each epoch, over those with records', () => {
    const medians = medianTimeline([timed(row(0, 8), row(2, 8)), timed(row(0, 16), row(1, 4)), timed(row(0, 80))]);
    assert.deepEqual(
      medians.map(({ epoch, maxNs, p50Ns }) => [epoch, maxNs, p50Ns]),
      [
        [0, 16, 4],
        [1, 4, 1],
        [2, 8, 2],
      ],
    );
    assert.deepEqual(medianTimeline([timed(row(0, 0, 0))]), [row(0, 0, 0)]);
  });

  it('have one distribution, that of all their records', () => {
    const first = [
      { latencyNs: 10, fractionAbove: 0.5, records: 2 },
      { latencyNs: 30, fractionAbove: 0, records: 2 },
    ];
    const second = [
      { latencyNs: 10, fractionAbove: 0.25, records: 3 },
      { latencyNs: 20, fractionAbove: 0, records: 1 },
    ];
    const merged = mergedCcdf([
      { ...run, ccdf: first },
      { ...run, ccdf: second },
    ]);
    assert.deepEqual(merged, [
      { latencyNs: 10, fractionAbove: 3 / 8, records: 5 },
      { latencyNs: 20, fractionAbove: 2 / 8, records: 1 },
      { latencyNs: 30, fractionAbove: 0, records: 2 },
    ]);
    // The mean of the two medians would be 15.
    assert.deepEqual(
      [0.5, 0.7, 0.75, 0.76, 1].map((share) => percentileOf(merged, share)),
      [10, 20, 20, 30, 30],
    );
    assert.ok(Number.isNaN(percentileOf([], 0.5)));
  });
});
