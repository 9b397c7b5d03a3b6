import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { build, HistogramLogReader } from 'hdr-histogram-js';
import { bucketCeiling, bucketIndex } from '../bucket-layout.ts';
import { EPOCH_NS, EpochHistograms } from '../epoch-histograms.ts';
import { HdrConverter, writeHistogramLog } from '../hdr.ts';
import { ccdfRows, timelineRows } from '../latency-rows.ts';
import { LogLinearHistogram, type SparseCounts } from '../log-linear-histogram.ts';
import { mergeEpochs } from '../merge-epochs.ts';

const latencies = fc.oneof(
  fc.nat(10_000),
  fc.double({ min: 0, max: 40, noNaN: true }).map((log) => Math.floor(2 ** log)),
);

function countsOf(values: readonly number[]): SparseCounts {
  const histogram = new LogLinearHistogram();
  values.forEach((value) => histogram.record(value));
  return histogram.drain();
}

/** The least value that at least `percentile` percent of the values do not exceed. */
function quantile(values: readonly number[], percentile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)]!;
}

describe('HdrConverter', () => {
  it('has the quantiles of the recorded values, to the ceiling of their bucket and never above the maximum', () => {
    const converter = new HdrConverter();
    const percentiles = [25, 50, 75, 100];
    fc.assert(
      fc.property(fc.array(latencies, { minLength: 1 }), (values) => {
        const expected = percentiles.map((percentile) =>
          Math.min(bucketCeiling(bucketIndex(quantile(values, percentile))), Math.max(...values)),
        );
        assert.deepEqual(converter.percentilesNs(countsOf(values), percentiles), expected);
      }),
    );
    converter.close();
  });

  it('counts beyond 32 bits', () => {
    const histogram = new LogLinearHistogram();
    histogram.record(1000, 2e10);
    histogram.record(2000, 1e10);
    const converter = new HdrConverter();
    assert.deepEqual(converter.percentilesNs(histogram.drain(), [50, 66, 67]), [1000, 1000, 2000]);
    converter.close();
  });

  it('has only zeros without records', () => {
    const converter = new HdrConverter();
    assert.deepEqual(converter.percentilesNs(countsOf([]), [50, 99.9]), [0, 0]);
    converter.close();
  });

  it('keeps a maximum beyond the range', () => {
    const converter = new HdrConverter();
    const [p50, p100] = converter.percentilesNs(countsOf([5, 4e12]), [50, 100]);
    assert.equal(p50, 5);
    assert.equal(p100, 2 ** 41 - 1);
    converter.close();
  });
});

describe('writeHistogramLog', () => {
  const startedAtMs = 1_700_000_000_250;

  it("is read back by hdr-histogram-js's log reader", () => {
    const records = fc.array(fc.tuple(fc.nat(8), latencies), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(records, (unordered) => {
        const recorder = new EpochHistograms();
        const byEpoch = new Map<number, number[]>();
        for (const [epoch, latency] of unordered.toSorted((a, b) => a[0] - b[0])) {
          recorder.record(epoch * EPOCH_NS, latency);
          byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), latency]);
        }
        let text = '';
        writeHistogramLog(mergeEpochs([recorder.finish()]), startedAtMs, (piece) => (text += piece));
        const reader = new HistogramLogReader(text, 64);
        for (const [epoch, values] of byEpoch) {
          const direct = build({ bitBucketSize: 64, highestTrackableValue: 2 ** 41 - 1 });
          values.forEach((value) => direct.recordValue(value));
          const read = reader.nextIntervalHistogram();
          assert.ok(read);
          assert.equal(read.totalCount, values.length);
          assert.equal(read.tag, 'NO TAG');
          assert.ok(Math.abs(read.startTimeStampMsec - (startedAtMs + epoch * 250)) < 0.01);
          assert.ok(Math.abs(read.endTimeStampMsec - (startedAtMs + epoch * 250 + 250)) < 0.01);
          for (const percentile of [25, 50, 99, 100]) {
            assert.equal(read.getValueAtPercentile(percentile), direct.getValueAtPercentile(percentile));
          }
        }
        assert.equal(reader.nextIntervalHistogram(), null);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps counts beyond 32 bits, and has maxima in milliseconds', () => {
    const recorder = new EpochHistograms();
    recorder.record(0, 7_654_321, 3e10);
    let text = '';
    writeHistogramLog(recorder.finish(), startedAtMs, (piece) => (text += piece));
    const lines = text.split('\n').filter((line) => line !== '');
    assert.equal(lines[0], '#[Histogram log format version 1.3]');
    assert.equal(lines[1], '#[BaseTime: 1700000000.250 (seconds since epoch)]');
    assert.match(lines[2]!, /^#\[StartTime: 1700000000\.250 /);
    assert.match(lines[3]!, /^"StartTimestamp","Interval_Length"/);
    assert.match(lines[4]!, /^0\.000,0\.250,7\.654,HIST/);
    assert.equal(new HistogramLogReader(text, 64).nextIntervalHistogram()?.totalCount, 3e10);
  });
});

describe('timelineRows', () => {
  it('has a row per epoch with records', () => {
    const recorder = new EpochHistograms();
    for (let n = 1; n <= 1000; n++) {
      recorder.record(EPOCH_NS, n);
    }
    recorder.record(3 * EPOCH_NS, 1_000_001);
    assert.deepEqual(timelineRows(mergeEpochs([recorder.finish()])), [
      { epoch: 1, startS: 0.25, records: 1000, p25Ns: 250, p50Ns: 500, p99Ns: 990, p999Ns: 999, maxNs: 1000 },
      {
        epoch: 3,
        startS: 0.75,
        records: 1,
        p25Ns: 1_000_001,
        p50Ns: 1_000_001,
        p99Ns: 1_000_001,
        p999Ns: 1_000_001,
        maxNs: 1_000_001,
      },
    ]);
  });
});

describe('ccdfRows', () => {
  it('has the share of the records above every bucket', () => {
    assert.deepEqual(ccdfRows(countsOf([10, 10, 20, 1_000_003])), [
      { latencyNs: 10, fractionAbove: 0.5, records: 2 },
      { latencyNs: 20, fractionAbove: 0.25, records: 1 },
      { latencyNs: 1_000_003, fractionAbove: 0, records: 1 },
    ]);
    assert.deepEqual(ccdfRows(countsOf([])), []);
  });

  it('agrees with counting the values', () => {
    fc.assert(
      fc.property(fc.array(latencies, { minLength: 1 }), (values) => {
        for (const { latencyNs, fractionAbove } of ccdfRows(countsOf(values))) {
          assert.equal(fractionAbove, values.filter((value) => value > latencyNs).length / values.length);
        }
      }),
    );
  });
});
