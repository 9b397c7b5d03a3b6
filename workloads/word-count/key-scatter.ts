/**
 * Where the keys of frequent ranks lie: a fixed permutation of 0 .. domain - 1 without a pattern, so that neighbours among the ranks
 * are spread over bins and workers as a hash would spread them. It depends on the domain alone: every seed has the same hot keys.
 *
 * A Feistel network of four rounds permutes the numbers of as many bits as the domain needs; where it leads out of the domain it
 * is applied again (cycle walking), less than once more on average.
 */
import { mix } from '../random.ts';

/** Salts of the rounds; the digits of pi after the point, 32 bits each. */
const ROUND_SALTS = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;

/** The permutation of one domain. Immutable. */
export class KeyScatter {
  readonly #domain: number;
  /** Numbers that the lower half of the bits has; each half has 1 to 27 bits. */
  readonly #lowerCount: number;
  readonly #lowerMask: number;
  readonly #upperMask: number;

  /** The permutation of 0 .. domain - 1; the domain is an integer from 1 to 2^53 - 1. */
  constructor(domain: number) {
    this.#domain = domain;
    let bits = 2;
    while (2 ** bits < domain) bits += 1;
    const lowerBits = Math.ceil(bits / 2);
    this.#lowerCount = 2 ** lowerBits;
    this.#lowerMask = this.#lowerCount - 1;
    this.#upperMask = 2 ** (bits - lowerBits) - 1;
  }

  /** The key at `index`, an integer from 0 to domain - 1. */
  keyAt(index: number): number {
    const lowerCount = this.#lowerCount;
    let key = index;
    do {
      let upper = Math.floor(key / lowerCount);
      let lower = key - upper * lowerCount;
      upper ^= mix(lower + ROUND_SALTS[0]) & this.#upperMask;
      lower ^= mix(upper + ROUND_SALTS[1]) & this.#lowerMask;
      upper ^= mix(lower + ROUND_SALTS[2]) & this.#upperMask;
      lower ^= mix(upper + ROUND_SALTS[3]) & this.#lowerMask;
      key = upper * lowerCount + lower;
    } while (key >= this.#domain);
    return key;
  }
}
