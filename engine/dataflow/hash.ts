/**
 * The hash of keys: one fixed function, the same on every worker, in every process and in every run.
 */

/**
 * A well-mixed unsigned 32-bit hash of an integer key, 0 <= key <= 2^53 - 1. Both halves of the key take part; the
 * finaliser is MurmurHash3's 32-bit mixer (constants by Austin Appleby, public domain).
 */
export function hashKey(key: number): number {
  const low = key | 0;
  const high = (key * 2 ** -32) | 0;
  let h = low ^ Math.imul(high + 0x7f4a7c15, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
