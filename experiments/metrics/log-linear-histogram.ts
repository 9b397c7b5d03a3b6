/**
 * A recorder of latencies for the hot path: counts per bucket of HdrHistogram's layout, a few nanoseconds per call
 * where hdr-histogram-js takes 14 (WebAssembly) or 90. It counts only; percentiles come from hdr.ts.
 */
import { BUCKETS, bucketIndex, MAX_TRACKABLE_NS } from './bucket-layout.ts';
import { MetricsError } from './metrics-error.ts';

/** What a histogram held: its non-empty buckets and the exact extremes. Survives a structured clone. */
export interface SparseCounts {
  /** Indexes of the non-empty buckets, ascending (see bucket-layout.ts). */
  readonly indexes: Uint32Array<ArrayBuffer>;
  /** Records per bucket, in the order of `indexes`. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** Sum of `counts`. */
  readonly records: number;
  /** Smallest recorded value in nanoseconds; Infinity without records. */
  readonly minNs: number;
  /** Largest recorded value in nanoseconds, also beyond the last bucket; 0 without records. */
  readonly maxNs: number;
  /** Records beyond the last bucket: they count in it. */
  readonly clamped: number;
}

/** Counts of values in nanoseconds. One thread writes; 256 KiB, of which only touched buckets cost cache. */
export class LogLinearHistogram {
  /** Records per bucket: integers, exact up to 2^53. */
  readonly #counts = new Float64Array(BUCKETS);
  #minNs = Infinity;
  #maxNs = 0;
  #clamped = 0;

  /** Whether nothing was recorded since the last drain. */
  get empty(): boolean {
    return this.#minNs === Infinity;
  }

  /**
   * Counts `count` (1 or more) values of one bucket, the greatest of which is `valueNs` and the smallest `smallestNs`; a
   * fraction is dropped from the bucket, not from the extremes. A value beyond MAX_TRACKABLE_NS counts in the last
   * bucket. A negative value counts as 0: of a record that is complete as soon as its tick is over, the rounding of the
   * clock may leave less than nothing.
   *
   * @throws {MetricsError} when the value is not a number.
   */
  record(valueNs: number, count = 1, smallestNs = valueNs): void {
    let value = valueNs;
    if (!(value >= 0 && value <= MAX_TRACKABLE_NS)) {
      value = this.#unusual(valueNs, count);
    }
    this.extremes(value, Math.max(0, Math.min(smallestNs, MAX_TRACKABLE_NS)));
    this.count(bucketIndex(value), count);
  }

  /**
   * Counts `count` values in a bucket by its index. The caller reports their extremes to `extremes`, or the bucket may be
   * overlooked.
   */
  count(index: number, count: number): void {
    this.#counts[index]! += count;
  }

  /** Takes note of the greatest and the smallest of values within 0 .. MAX_TRACKABLE_NS that are counted by `count`. */
  extremes(greatestNs: number, smallestNs: number): void {
    if (greatestNs > this.#maxNs) this.#maxNs = greatestNs;
    if (smallestNs < this.#minNs) this.#minNs = smallestNs;
  }

  /** Adds what another histogram held. */
  add(other: SparseCounts): void {
    for (let i = 0; i < other.indexes.length; i++) {
      this.count(other.indexes[i]!, other.counts[i]!);
    }
    this.#clamped += other.clamped;
    this.#minNs = Math.min(this.#minNs, other.minNs);
    this.#maxNs = Math.max(this.#maxNs, other.maxNs);
  }

  /** Returns what was recorded and empties the histogram, in time proportional to the buckets between the extremes. */
  drain(): SparseCounts {
    const first = this.empty ? 0 : bucketIndex(Math.min(this.#minNs, MAX_TRACKABLE_NS));
    const end = this.empty ? 0 : bucketIndex(Math.min(this.#maxNs, MAX_TRACKABLE_NS)) + 1;
    const all = this.#counts;
    let filled = 0;
    for (let index = first; index < end; index++) if (all[index]! > 0) filled += 1;
    const indexes = new Uint32Array(filled);
    const counts = new Float64Array(filled);
    let records = 0;
    for (let index = first, i = 0; i < filled; index++) {
      const count = all[index]!;
      if (count === 0) continue;
      indexes[i] = index;
      counts[i] = count;
      records += count;
      all[index] = 0;
      i += 1;
    }
    const drained = {
      indexes,
      counts,
      records,
      minNs: this.#minNs,
      maxNs: this.#maxNs,
      clamped: this.#clamped,
    };
    this.#minNs = Infinity;
    this.#maxNs = 0;
    this.#clamped = 0;
    return drained;
  }

  /** The value that stands for one outside of the trackable range. */
  #unusual(valueNs: number, count: number): number {
    if (valueNs < 0) {
      return 0;
    }
    if (valueNs > MAX_TRACKABLE_NS) {
      this.#clamped += count;
      this.#maxNs = Math.max(this.#maxNs, valueNs);
      return MAX_TRACKABLE_NS;
    }
    throw new MetricsError(`a latency of ${valueNs} ns was recorded; expected a number`);
  }
}
