/** The hash of keys: one fixed function, the same on every worker, in every process and in every run. */

const TWO_TO_MINUS_32 = 1 / 0x1_0000_0000;

/** Unsigned 32-bit hash of a key, an integer in 0..2^53 - 1; one-to-one on each range of 2^32 keys with equal high bits. */
export function hashKey(key: number): number {
  // Both conversions truncate modulo 2^32, which for a safe integer yields exactly its low and its high bits.
  const high = (key * TWO_TO_MINUS_32) | 0;
  let hash = Math.imul(high, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= (hash >>> 13) ^ (key | 0) ^ 0x5bd1e995;
  // The finaliser of MurmurHash3: every input bit flips every output bit with a probability near one half.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
