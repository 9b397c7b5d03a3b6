/**
 * Percentiles of intervals, from the histograms of their epochs. The page computes with this module, and so do its tests on the side
 * of the harness: both give the same values.
 */
import { bucketCeiling } from '../../experiments/metrics/bucket-layout.ts';

/** What an epoch, or a sum of epochs, holds: records by bucket of the harness's layout. */
export interface Counts {
  /** Indexes of buckets with records, ascending. */
  readonly indexes: ArrayLike<number>;
  /** Records per bucket, in the order of `indexes`. */
  readonly counts: ArrayLike<number>;
  /** Sum of `counts`. */
  readonly records: number;
  /** The exact maximum in nanoseconds; 0 without records. */
  readonly maxNs: number;
}

/** Adds up epochs: counts are added, percentiles are never averaged. Takes time in proportion to the buckets, and to sort their indexes. */
export function sumCounts(parts: readonly Counts[]): Counts {
  const byIndex = new Map<number, number>();
  let records = 0;
  let maxNs = 0;
  for (const part of parts) {
    for (let i = 0; i < part.indexes.length; i++) {
      const index = part.indexes[i]!;
      byIndex.set(index, (byIndex.get(index) ?? 0) + part.counts[i]!);
    }
    records += part.records;
    maxNs = Math.max(maxNs, part.maxNs);
  }
  const indexes = Float64Array.from(byIndex.keys()).sort();
  return { indexes, counts: Float64Array.from(indexes, (index) => byIndex.get(index) ?? 0), records, maxNs };
}

/** How many of `records` have to be within a percentile: rounded up, unless it is whole but for the rounding of the product. */
function recordsWithin(records: number, percentile: number): number {
  const exact = (percentile / 100) * records;
  const whole = Math.round(exact);
  return Math.max(1, Math.abs(exact - whole) <= exact * Number.EPSILON ? whole : Math.ceil(exact));
}

/**
 * The latencies in nanoseconds that the given shares (in percent) of the records do not exceed: the ceiling of the bucket, or the
 * exact maximum if that is less; zeros without records.
 *
 * @param percentiles - ascending
 * @param shift - by how much the indexes were shifted right (see epoch-codec.ts): the ceiling is that of the joined buckets
 */
export function percentilesNs(
  { indexes, counts, records, maxNs }: Counts,
  percentiles: readonly number[],
  shift = 0,
): number[] {
  let at = -1;
  let upTo = 0;
  return percentiles.map((percentile) => {
    if (records === 0) return 0;
    const wanted = recordsWithin(records, Math.min(100, percentile));
    while (upTo < wanted && at < indexes.length - 1) {
      at += 1;
      upTo += counts[at]!;
    }
    return Math.min(bucketCeiling(((indexes[at]! + 1) << shift) - 1), maxNs);
  });
}

/**
 * Where a percentile stands on the axis of HdrHistogram's plots, on which each further nine takes as much room: 0 for 0 %, 1 for
 * 90 %, 2 for 99 %.
 */
export function axisPosition(percentile: number): number {
  return Math.log10(100 / (100 - percentile));
}

/** The percentile at a position of that axis. */
export function percentileAt(position: number): number {
  return 100 * (1 - 10 ** -position);
}
