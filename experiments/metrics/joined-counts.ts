/**
 * Counts of latencies as they are told of a run that goes on: neighbouring buckets of HdrHistogram's layout as one. It holds a sixteenth of
 * a LogLinearHistogram, and emptying it takes as much less, beside workers that have all processors.
 */
import { BUCKETS, bucketCeiling, bucketIndex, MAX_TRACKABLE_NS } from './bucket-layout.ts';

/**
 * 2^JOINED neighbouring buckets are told as one, so that the short epochs around migrations, of which each has hundreds of buckets, fit the ring
 * (see live-ring.ts). What is told is then up to 1.6 % too high.
 */
export const JOINED = 4;

/** What was counted: the buckets that are not empty, and the exact extremes. */
export interface JoinedLatencies {
  /** Indexes of buckets (see bucket-layout.ts), ascending: of those told as one the last. */
  readonly indexes: ArrayLike<number>;
  /** Records per bucket, in the order of `indexes`. */
  readonly counts: ArrayLike<number>;
  /** Smallest latency in nanoseconds. */
  readonly minNs: number;
  /** Largest latency in nanoseconds. */
  readonly maxNs: number;
}

/** Adds up latencies. */
export class JoinedCounts {
  readonly #counts = new Float64Array(BUCKETS >> JOINED);
  #minNs = Infinity;
  #maxNs = 0;

  /** Whether nothing was counted since the last drain. */
  get empty(): boolean {
    return this.#minNs === Infinity;
  }

  /** Counts `count` records in a bucket. Their extremes are reported to `extremes`, or the bucket may be overlooked. */
  count(index: number, count: number): void {
    this.#counts[index >> JOINED]! += count;
  }

  /** Takes note of the greatest and the smallest of what is counted by `count`. */
  extremes(greatestNs: number, smallestNs: number): void {
    if (greatestNs > this.#maxNs) this.#maxNs = greatestNs;
    if (smallestNs < this.#minNs) this.#minNs = smallestNs;
  }

  /** Counts what another one has held. */
  add({ indexes, counts, minNs, maxNs }: JoinedLatencies): void {
    for (let i = 0; i < indexes.length; i++) this.count(indexes[i]!, counts[i]!);
    this.extremes(maxNs, minNs);
  }

  /** Returns what was counted, and forgets it. */
  drain(): JoinedLatencies {
    const all = this.#counts;
    const indexes: number[] = [];
    const counts: number[] = [];
    const groupOf = (valueNs: number): number => bucketIndex(Math.min(valueNs, MAX_TRACKABLE_NS)) >> JOINED;
    const last = this.empty ? -1 : groupOf(this.#maxNs);
    for (let at = groupOf(this.#minNs); at <= last; at++) {
      const count = all[at]!;
      if (count === 0) continue;
      indexes.push((at << JOINED) | (2 ** JOINED - 1));
      counts.push(count);
      all[at] = 0;
    }
    const drained = { indexes, counts, minNs: this.#minNs, maxNs: this.#maxNs };
    this.#minNs = Infinity;
    this.#maxNs = 0;
    return drained;
  }
}

/** Records of some latencies. */
export function recordsOf({ counts }: JoinedLatencies): number {
  let records = 0;
  for (let i = 0; i < counts.length; i++) records += counts[i]!;
  return records;
}

/** The latency that a share (in percent) of the records does not exceed, as HdrHistogram defines it; 0 without records. */
export function percentileNs(latencies: JoinedLatencies, percentile: number): number {
  const { indexes, counts, maxNs } = latencies;
  const wanted = Math.max(1, Math.floor((percentile / 100) * recordsOf(latencies) + 0.5));
  let upTo = 0;
  for (let i = 0; i < indexes.length; i++) {
    upTo += counts[i]!;
    if (upTo >= wanted) return Math.min(bucketCeiling(indexes[i]!), maxNs);
  }
  return 0;
}
