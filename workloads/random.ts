/**
 * Random numbers by position instead of by sequence: draw d of record n is a pure hash of (seed, n, d). Any worker can make
 * any record, in any order, and all of them agree; two workers never need seeds of their own.
 *
 * The lower 32 bits of n, times an odd number of the draw's own, plus a salt hashed from (seed, draw, upper bits of n), are
 * mixed to 32 random bits. So draws are unrelated Weyl sequences behind a hash, and a loop over records keeps one salt per
 * draw. All of it is 32-bit integer arithmetic, which any language repeats to the bit. Fit for simulation, not for secrets.
 */

/** Record numbers and seeds are split into a lower half, below this, and an upper half. */
export const TWO_POW_32 = 4294967296;

/** Adds the draw to a seed's hash: 2^32 divided by the golden ratio, odd. */
const DRAW_STEP = 0x9e3779b1;
/** Adds the upper half of a record's number to a hash. */
const UPPER_STEP = 0x632be5ab;

/** A seed that is not an integer in the range that the hash covers. */
export class SeedError extends RangeError {
  /** Tells it from other errors. */
  override readonly name = 'SeedError';
}

/** Spreads 32 bits: each input bit changes about half of the output bits. A bijection to signed 32-bit integers. */
export function mix(bits: number): number {
  let h = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

/**
 * The draws of all records of a seed, at one upper half of their numbers at a time.
 *
 * A loop calls `moveTo` once, and then computes `mix(Math.imul(n, multipliers[d]) + salts[d])` by itself, with both numbers
 * in variables: that is draw d of record n.
 */
export class RandomDraws {
  /** Odd numbers by draw; the same for all seeds. */
  readonly multipliers: Int32Array;
  /** Salts by draw, for the upper half that `moveTo` chose. */
  readonly salts: Int32Array;
  readonly #seedSalts: Int32Array;
  #upper = 0;

  /**
   * Draws 0 .. draws - 1 of `seed`, at first of the records below 2^32.
   * @throws {SeedError} when the seed is not an integer in 0..2^53 - 1.
   */
  constructor(seed: number, draws: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new SeedError(`the seed is ${seed}, expected an integer from 0 to 2^53 - 1`);
    }
    const seedHash = mix(mix((seed | 0) + 0x1f83d9ab) ^ Math.floor(seed / TWO_POW_32));
    this.multipliers = new Int32Array(draws);
    this.#seedSalts = new Int32Array(draws);
    for (let draw = 0; draw < draws; draw++) {
      this.multipliers[draw] = mix(Math.imul(draw + 1, DRAW_STEP)) | 1;
      this.#seedSalts[draw] = mix(seedHash + Math.imul(draw + 1, DRAW_STEP));
    }
    this.salts = this.#seedSalts.slice();
  }

  /** Chooses the records `n` with floor(n / 2^32) = `upper`, an integer from 0 to 2^21 - 1; cheap when it is chosen already. */
  moveTo(upper: number): void {
    if (upper === this.#upper) return;
    this.#upper = upper;
    for (let draw = 0; draw < this.salts.length; draw++) {
      const salt = this.#seedSalts[draw]!;
      this.salts[draw] = upper === 0 ? salt : mix(salt + Math.imul(upper, UPPER_STEP));
    }
  }

  /**
   * 32 random bits: draw `draw` of record `n`, whose upper half was chosen by `moveTo`.
   * @returns an integer from 0 to 2^32 - 1.
   */
  word(n: number, draw: number): number {
    return mix(Math.imul(n | 0, this.multipliers[draw]!) + this.salts[draw]!) >>> 0;
  }
}
