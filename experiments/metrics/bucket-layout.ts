/**
 * The buckets of an HdrHistogram with a unit of 1 ns and 3 significant digits.
 *
 * Values below 2048 have a bucket each. Above, every power of two is cut into 1024 buckets of equal width, so that a
 * bucket is never wider than a thousandth of its values. The numbering is HdrHistogram's own: counts kept here can be
 * turned into its histograms without loss.
 */

/** Buckets of one width, those of a power of two; twice as many have the width 1. */
export const BUCKETS_PER_WIDTH = 1024;

/** The largest value that has a bucket, in nanoseconds: about 36 minutes. */
export const MAX_TRACKABLE_NS = 2 ** 41 - 1;

/** Number of buckets: the indexes of 0 .. MAX_TRACKABLE_NS are 0 .. BUCKETS - 1. */
export const BUCKETS = 32 * BUCKETS_PER_WIDTH;

/**
 * Index of the bucket that holds `value`, which must be within 0 .. MAX_TRACKABLE_NS; a fraction is dropped.
 * Costs about a nanosecond.
 */
export function bucketIndex(value: number): number {
  if (value < 0x80000000) {
    const low = value | 0;
    const exponent = 21 - Math.clz32(low | BUCKETS_PER_WIDTH);
    return (exponent << 10) + (low >>> exponent);
  }
  // The upper bits alone decide: 2^31 and more leaves at least 11 of them.
  const high = (value / 0x200000) | 0;
  const exponent = 42 - Math.clz32(high);
  return (exponent << 10) + (high >>> (exponent - 21));
}

/** Number of consecutive integers that share the bucket of `value` (0 to MAX_TRACKABLE_NS): a power of two. */
export function bucketWidth(value: number): number {
  return value < 0x80000000
    ? 1 << (21 - Math.clz32(value | BUCKETS_PER_WIDTH))
    : 0x200000 << (21 - Math.clz32(value / 0x200000));
}

/** Smallest value of bucket `index`. */
export function bucketFloor(index: number): number {
  const exponent = bucketExponent(index);
  return (index - exponent * BUCKETS_PER_WIDTH) * 2 ** exponent;
}

/** Largest integer value of bucket `index`. */
export function bucketCeiling(index: number): number {
  return bucketFloor(index) + 2 ** bucketExponent(index) - 1;
}

/** The bucket holds 2^exponent integers. */
function bucketExponent(index: number): number {
  return Math.max(0, (index >>> 10) - 1);
}
