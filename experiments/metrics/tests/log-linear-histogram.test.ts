import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { bucketCeiling, bucketFloor, bucketIndex, BUCKETS, MAX_TRACKABLE_NS } from '../bucket-layout.ts';
import { LogLinearHistogram } from '../log-linear-histogram.ts';
import { MetricsError } from '../metrics-error.ts';

/** Latencies of all magnitudes, with the edges of buckets among them. */
const latencies = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.tuple(fc.double({ min: 0, max: 41, noNaN: true }), fc.integer({ min: -1, max: 1 })).map(([log, offset]) => {
    const value = Math.floor(2 ** log) + offset;
    return Math.max(0, Math.min(MAX_TRACKABLE_NS, value));
  }),
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -1, max: 1 })).map(([log, offset]) => 2 ** log + offset),
);

describe('bucket layout', () => {
  it('covers the range without gaps', () => {
    let next = 0;
    for (let index = 0; index < BUCKETS; index++) {
      assert.equal(bucketFloor(index), next);
      assert.equal(bucketIndex(bucketFloor(index)), index);
      assert.equal(bucketIndex(bucketCeiling(index)), index);
      next = bucketCeiling(index) + 1;
    }
    assert.equal(next - 1, MAX_TRACKABLE_NS);
  });

  it('has buckets no wider than a thousandth of their values', () => {
    for (let index = 0; index < BUCKETS; index++) {
      assert.ok(bucketCeiling(index) - bucketFloor(index) <= bucketFloor(index) / 1000);
    }
  });
});

describe('LogLinearHistogram', () => {
  it("has HdrHistogram's buckets: the same percentiles of the same values", () => {
    fc.assert(
      fc.property(fc.array(latencies, { minLength: 1, maxLength: 100 }), (values) => {
        const direct = build({ bitBucketSize: 64, highestTrackableValue: MAX_TRACKABLE_NS, autoResize: false });
        const converted = build({ bitBucketSize: 64, highestTrackableValue: MAX_TRACKABLE_NS, autoResize: false });
        const recorder = new LogLinearHistogram();
        for (const value of values) {
          direct.recordValue(value);
          recorder.record(value);
        }
        const { indexes, counts } = recorder.drain();
        indexes.forEach((index, i) => converted.recordValueWithCount(bucketFloor(index), counts[i]!));
        for (const percentile of [0, 25, 50, 90, 99, 99.9, 100]) {
          assert.equal(converted.getValueAtPercentile(percentile), direct.getValueAtPercentile(percentile));
        }
        assert.equal(converted.totalCount, direct.totalCount);
      }),
    );
  });

  it('puts every value in the bucket that contains it', () => {
    fc.assert(
      fc.property(latencies, (value) => {
        const index = bucketIndex(value);
        assert.ok(bucketFloor(index) <= value && value <= bucketCeiling(index));
      }),
      { numRuns: 5000 },
    );
  });

  it('keeps exact extremes and counts', () => {
    const histogram = new LogLinearHistogram();
    histogram.record(1_003_003);
    histogram.record(999_999.5, 3);
    const { records, minNs, maxNs, clamped, indexes, counts } = histogram.drain();
    assert.deepEqual(
      { records, minNs, maxNs, clamped },
      { records: 4, minNs: 999_999.5, maxNs: 1_003_003, clamped: 0 },
    );
    assert.deepEqual([...counts], [3, 1]);
    assert.deepEqual([...indexes], [bucketIndex(999_999), bucketIndex(1_003_003)]);
  });

  it('is empty after a drain', () => {
    const histogram = new LogLinearHistogram();
    histogram.record(5e12);
    histogram.drain();
    assert.ok(histogram.empty);
    const { records, minNs, maxNs, clamped, indexes } = histogram.drain();
    assert.deepEqual({ records, minNs, maxNs, clamped }, { records: 0, minNs: Infinity, maxNs: 0, clamped: 0 });
    assert.equal(indexes.length, 0);
    histogram.record(7);
    assert.deepEqual([...histogram.drain().counts], [1]);
  });

  it('counts values beyond the range in the last bucket, and keeps their maximum', () => {
    const histogram = new LogLinearHistogram();
    histogram.record(3e12, 2);
    histogram.record(10);
    const { indexes, counts, maxNs, clamped, records } = histogram.drain();
    assert.deepEqual([...indexes], [10, BUCKETS - 1]);
    assert.deepEqual([...counts], [1, 2]);
    assert.deepEqual({ maxNs, clamped, records }, { maxNs: 3e12, clamped: 2, records: 3 });
  });

  it('counts a negative value as 0 and refuses what is not a number', () => {
    const histogram = new LogLinearHistogram();
    histogram.record(-300);
    const { indexes, minNs } = histogram.drain();
    assert.deepEqual([...indexes], [0]);
    assert.equal(minNs, 0);
    assert.throws(() => histogram.record(Number.NaN), MetricsError);
  });

  it('adds up what others held', () => {
    fc.assert(
      fc.property(fc.array(latencies), fc.array(latencies), (left, right) => {
        const together = new LogLinearHistogram();
        [...left, ...right].forEach((value) => together.record(value));
        const parts = [left, right].map((values) => {
          const part = new LogLinearHistogram();
          values.forEach((value) => part.record(value));
          return part.drain();
        });
        const sum = new LogLinearHistogram();
        parts.forEach((part) => sum.add(part));
        assert.deepEqual(sum.drain(), together.drain());
      }),
    );
  });
});
