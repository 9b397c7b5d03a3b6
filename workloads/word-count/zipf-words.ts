/** The input of word count with hot keys: ranks after Zipf's law, scattered over the domain. */
import type { Columns, RecordGenerator } from 'megaphone-engine';

import { mix, RandomDraws, TWO_POW_32 } from '../random.ts';
import { KeyScatter } from './key-scatter.ts';
import { ZipfRanks } from './zipf-ranks.ts';
import type { WordColumns } from './words.ts';

/** Leads from the words of a rejected fraction to those of the next one: 2^32 divided by the square of the golden ratio, odd. */
const ROUND_STEP = 0x61c88647;

/**
 * Record n is a pure function of (seed, n): 53 random bits at position n, as for uniform keys, are the fraction that chooses a
 * rank. A rejected fraction's two words are hashed to those of the next one, for the same n; so nothing depends on other records.
 */
export class ZipfWordGenerator implements RecordGenerator<WordColumns> {
  readonly #random: RandomDraws;
  readonly #ranks: ZipfRanks;
  readonly #scatter: KeyScatter;
  readonly #one = new Float64Array(1);

  /**
   * Draws from 0 .. domain - 1 with a positive exponent; the domain is at most 2^53 - 1.
   * @throws {SeedError} when the seed is not an integer in 0..2^53 - 1.
   */
  constructor(seed: number, domain: number, exponent: number) {
    this.#random = new RandomDraws(seed, 2);
    this.#ranks = new ZipfRanks(domain, exponent);
    this.#scatter = new KeyScatter(domain);
  }

  /** Key of record n. */
  keyOf(n: number): number {
    this.fill({ key: this.#one }, 0, n, 1, 1);
    return this.#one[0]!;
  }

  /** Fills the keys of records n, n + stride and so on. */
  fill(columns: Columns<WordColumns>, row: number, n: number, stride: number, count: number): void {
    const keys = columns.key;
    const random = this.#random;
    const ranks = this.#ranks;
    const scatter = this.#scatter;
    for (const end = row + count; row < end; row++, n += stride) {
      random.moveTo(Math.floor(n / TWO_POW_32));
      let first = random.word(n, 0) | 0;
      let second = random.word(n, 1) | 0;
      let rank = ranks.rank(fraction(first, second));
      while (rank === 0) {
        first = mix(first + ROUND_STEP);
        second = mix(second - ROUND_STEP);
        rank = ranks.rank(fraction(first, second));
      }
      keys[row] = scatter.keyAt(rank - 1);
    }
  }
}

/** A multiple of 2^-53 from 0 to below 1; the words are combined, because each of them repeats nothing in 2^32 records. */
function fraction(first: number, second: number): number {
  return (((first ^ second) >>> 0) * 2 ** 21 + (second >>> 11)) * 2 ** -53;
}
