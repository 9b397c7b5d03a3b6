/** The input of word count: identifiers, as in the paper drawn uniformly from a domain (section 5). */
import { type Columns, type KeyArray, type RecordGenerator, Schema } from 'megaphone-engine';

import { mix, RandomDraws, TWO_POW_32 } from '../random.ts';

/** Columns of the input: identifiers. */
export type WordColumns = Readonly<{
  /** Int32 where all identifiers of the domain are: half of the bytes that cross between workers. */
  key: 'int32' | 'float64';
}>;

/** Columns of the results: an identifier and how often it has occurred so far. */
export type CountColumns = WordColumns & Readonly<{ count: 'float64' }>;

/** Schemas of a word count over a domain. */
export interface WordSchemas {
  /** The input. */
  readonly words: Schema<WordColumns>;
  /** The results. */
  readonly counts: Schema<CountColumns>;
}

/** The schemas for the identifiers 0 .. domain - 1. */
export function wordSchemas(domain: number): WordSchemas {
  const key = domain <= 2 ** 31 ? 'int32' : 'float64';
  return { words: new Schema<WordColumns>({ key }), counts: new Schema<CountColumns>({ key, count: 'float64' }) };
}

/** Up to this domain 32 random bits are uniform enough: the rarest and the most frequent key differ by less than 0.4 %. */
const DOMAIN_OF_32_BITS = 2 ** 24;

/**
 * Record n is a pure function of (seed, n): random bits at position n, scaled to the domain; 32 of them up to a domain of 2^24,
 * 53 from two unrelated words above.
 */
export class WordGenerator implements RecordGenerator<WordColumns> {
  readonly #domain: number;
  readonly #random: RandomDraws;
  readonly #one = new Float64Array(1);

  /**
   * Draws from 0 .. domain - 1; the domain is at most 2^53 - 1.
   * @throws {SeedError} when the seed is not an integer in 0..2^53 - 1.
   */
  constructor(seed: number, domain: number) {
    this.#domain = domain;
    this.#random = new RandomDraws(seed, 2);
  }

  /** Key of record n. */
  keyOf(n: number): number {
    this.fill({ key: this.#one }, 0, n, 1, 1);
    return this.#one[0]!;
  }

  /** Fills the keys of records n, n + stride and so on. */
  fill(columns: Columns<WordColumns>, row: number, n: number, stride: number, count: number): void {
    const end = row + count;
    while (row < end) {
      // The draws' salts change where the upper half of the number does: once in 2^32 records.
      const upper = Math.floor(n / TWO_POW_32);
      const sameUpper = Math.ceil(((upper + 1) * TWO_POW_32 - n) / stride);
      const part = Math.min(end - row, sameUpper);
      this.#random.moveTo(upper);
      if (this.#domain <= DOMAIN_OF_32_BITS) this.#fill32(columns.key, row, row + part, n, stride);
      else this.#fill53(columns.key, row, row + part, n, stride);
      row += part;
      n += part * stride;
    }
  }

  #fill32(keys: KeyArray, row: number, end: number, n: number, stride: number): void {
    const scale = this.#domain / TWO_POW_32;
    const multiplier = this.#random.multipliers[0]!;
    const salt = this.#random.salts[0]!;
    for (let low = n | 0; row < end; row++, low = (low + stride) | 0) {
      keys[row] = Math.floor((mix(Math.imul(low, multiplier) + salt) >>> 0) * scale);
    }
  }

  #fill53(keys: KeyArray, row: number, end: number, n: number, stride: number): void {
    const domain = this.#domain;
    const { multipliers, salts } = this.#random;
    const firstMultiplier = multipliers[0]!;
    const firstSalt = salts[0]!;
    const secondMultiplier = multipliers[1]!;
    const secondSalt = salts[1]!;
    for (let low = n | 0; row < end; row++, low = (low + stride) | 0) {
      const first = mix(Math.imul(low, firstMultiplier) + firstSalt);
      const second = mix(Math.imul(low, secondMultiplier) + secondSalt);
      // Each word is a permutation of 2^32 records, in which nothing repeats; their combination is none.
      const high32 = (first ^ second) >>> 0;
      const low21 = second >>> 11;
      // Exact up to the last multiplication, which cannot round up to the domain: a fraction is at least 2^-53 below one.
      keys[row] = Math.floor((high32 * 2 ** 21 + low21) * 2 ** -53 * domain);
    }
  }
}

/** Every key once, in order. */
export const everyKey: RecordGenerator<WordColumns> = {
  fill(columns: Columns<WordColumns>, row: number, n: number, stride: number, count: number): void {
    for (let i = 0; i < count; i++) columns.key[row + i] = n + i * stride;
  },
};
