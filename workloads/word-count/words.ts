/** The input of word count: identifiers drawn uniformly from a domain (paper section 5). */
import { type Columns, type RecordGenerator, Schema } from 'megaphone-engine';

/** Identifiers. */
export const wordSchema = new Schema({ key: 'float64' });

/** An identifier and how often it has occurred so far. */
export const countSchema = new Schema({ key: 'float64', count: 'float64' });

/** Columns of the input. */
export type WordColumns = (typeof wordSchema)['columns'];

/** Up to this domain 32 random bits are uniform enough: the rarest and the most frequent key differ by less than 0.4 %. */
const DOMAIN_OF_32_BITS = 2 ** 24;

/** Record n is a pure function of (seed, n): random bits at position n, scaled to the domain. */
export class WordGenerator implements RecordGenerator<WordColumns> {
  readonly #domain: number;
  readonly #salt: number;

  /** Draws from 0 .. domain - 1; the domain is at most 2^53 - 1. */
  constructor(seed: number, domain: number) {
    this.#domain = domain;
    this.#salt = mix(Math.imul(seed, 0x9e3779b1) ^ ((seed * 2 ** -32) | 0));
  }

  /** Key of record n. */
  keyOf(n: number): number {
    const high = mix(Math.imul(n | 0, 0x9e3779b1) ^ Math.imul((n * 2 ** -32) | 0, 0x7feb352d) ^ this.#salt);
    if (this.#domain <= DOMAIN_OF_32_BITS) return Math.floor((high >>> 0) * 2 ** -32 * this.#domain);
    const low = mix(high ^ 0x5bf03635);
    return Math.floor(((high >>> 0) * 2 ** 21 + (low >>> 11)) * 2 ** -53 * this.#domain);
  }

  /** Fills the keys of records n, n + stride and so on. */
  fill(columns: Columns<WordColumns>, row: number, n: number, stride: number, count: number): void {
    const keys = columns.key;
    for (let i = 0; i < count; i++) keys[row + i] = this.keyOf(n + i * stride);
  }
}

/** Every key once, in order. */
export const everyKey: RecordGenerator<WordColumns> = {
  fill(columns: Columns<WordColumns>, row: number, n: number, stride: number, count: number): void {
    for (let i = 0; i < count; i++) columns.key[row + i] = n + i * stride;
  },
};

/** Spreads 32 bits: each input bit changes about half of the output bits. */
function mix(bits: number): number {
  let h = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
