/** The rows of timeline.csv and ccdf.csv, computed from recorded counts. */
import type { CcdfRow, TimelineRow } from '../results/rows.ts';
import { bucketCeiling } from './bucket-layout.ts';
import { HdrConverter } from './hdr.ts';
import type { SparseCounts } from './log-linear-histogram.ts';
import type { MergedEpochs } from './merge-epochs.ts';

/** Percentiles of a row of the timeline. */
const TIMELINE_PERCENTILES = [25, 50, 99, 99.9];

/** One row per epoch with at least one completed record; an epoch without has no latency and no row. */
export function timelineRows(epochs: MergedEpochs): TimelineRow[] {
  const converter = new HdrConverter();
  try {
    return epochs.epochs.map((counts) => {
      const [p25Ns, p50Ns, p99Ns, p999Ns] = converter.percentilesNs(counts, TIMELINE_PERCENTILES);
      return {
        epoch: counts.epoch,
        startS: (counts.epoch * epochs.epochNs) / 1e9,
        records: counts.records,
        p25Ns: p25Ns!,
        p50Ns: p50Ns!,
        p99Ns: p99Ns!,
        p999Ns: p999Ns!,
        maxNs: counts.maxNs,
      };
    });
  } finally {
    converter.close();
  }
}

/**
 * One row per non-empty bucket, ascending: how many records are in it, and the share of those above it. The last row
 * has the exact maximum instead of the bucket's ceiling, and nothing above it.
 */
export function ccdfRows(counts: SparseCounts): CcdfRow[] {
  const rows: CcdfRow[] = [];
  let upTo = 0;
  for (let i = 0; i < counts.indexes.length; i++) {
    const records = counts.counts[i]!;
    upTo += records;
    rows.push({
      latencyNs: i === counts.indexes.length - 1 ? counts.maxNs : bucketCeiling(counts.indexes[i]!),
      fractionAbove: (counts.records - upTo) / counts.records,
      records,
    });
  }
  return rows;
}
