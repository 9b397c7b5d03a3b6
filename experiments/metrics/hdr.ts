/**
 * Percentiles and the public log format of recorded counts, by hdr-histogram-js.
 *
 * Its WebAssembly build with 64-bit counts is used: it is exact where 32-bit counts overflow, and its text output,
 * which is wrong, is not needed. Histograms of that build live outside the JavaScript heap and are destroyed
 * explicitly.
 */
import { build, HistogramLogWriter, initWebAssemblySync, type Histogram } from 'hdr-histogram-js';
import { bucketFloor, bucketIndex, MAX_TRACKABLE_NS } from './bucket-layout.ts';
import type { SparseCounts } from './log-linear-histogram.ts';
import type { MergedEpochs } from './merge-epochs.ts';

/** Nanoseconds per millisecond; the log's column of maxima is in milliseconds. */
const NS_PER_MS = 1e6;

/** Computes percentiles of counts, one set after the other. Close it after use. */
export class HdrConverter {
  readonly #histogram: Histogram;

  /** Takes a histogram of about 300 KiB outside the heap. */
  constructor() {
    initWebAssemblySync();
    this.#histogram = build({
      bitBucketSize: 64,
      useWebAssembly: true,
      autoResize: false,
      lowestDiscernibleValue: 1,
      highestTrackableValue: MAX_TRACKABLE_NS,
      numberOfSignificantValueDigits: 3,
    });
  }

  /**
   * The latencies in nanoseconds that the given shares (in percent) of the records do not exceed, in the order of
   * `percentiles`: the ceiling of the bucket, as HdrHistogram defines it, or the exact maximum if that is less. Zeros
   * without records.
   */
  percentilesNs(counts: SparseCounts, percentiles: readonly number[]): number[] {
    const histogram = this.load(counts);
    return percentiles.map((percentile) => Math.min(histogram.getValueAtPercentile(percentile), counts.maxNs));
  }

  /** The histogram of `counts`; it is this converter's own, valid until the next call. */
  load(counts: SparseCounts): Histogram {
    this.#histogram.reset();
    const last = bucketIndex(Math.min(counts.maxNs, MAX_TRACKABLE_NS));
    for (let i = 0; i < counts.indexes.length; i++) {
      const index = counts.indexes[i]!;
      // All values of a bucket count alike, but the histogram keeps its maximum exactly.
      const value = index === last ? Math.min(Math.floor(counts.maxNs), MAX_TRACKABLE_NS) : bucketFloor(index);
      this.#histogram.recordValueWithCount(value, counts.counts[i]!);
    }
    return this.#histogram;
  }

  /** Frees the histogram; the converter cannot be used any more. */
  close(): void {
    this.#histogram.destroy();
  }
}

/**
 * Writes one interval per epoch in the HdrHistogram log format 1.3, which other HdrHistogram tools read.
 * Latencies are in nanoseconds, the column of maxima in milliseconds.
 *
 * @param epochs the run's latencies.
 * @param startedAtMs the start barrier in milliseconds since 1970; interval starts count from it.
 * @param write receives the text in pieces of about a line.
 */
export function writeHistogramLog(epochs: MergedEpochs, startedAtMs: number, write: (text: string) => void): void {
  const writer = new HistogramLogWriter(write);
  writer.outputLogFormatVersion();
  writer.outputComment(`[BaseTime: ${(startedAtMs / 1000).toFixed(3)} (seconds since epoch)]`);
  writer.outputStartTime(startedAtMs);
  writer.outputLegend();
  const converter = new HdrConverter();
  try {
    for (const counts of epochs.epochs) {
      const startS = (counts.epoch * epochs.epochNs) / 1e9;
      const endS = ((counts.epoch + 1) * epochs.epochNs) / 1e9;
      writer.outputIntervalHistogram(converter.load(counts), startS, endS, NS_PER_MS);
    }
  } finally {
    converter.close();
  }
}
