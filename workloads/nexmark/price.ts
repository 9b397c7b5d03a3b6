/**
 * Prices: round(100 * 10^(6u)) for u uniform in [0, 1), evaluated with IEEE additions and multiplications alone, so that another
 * language gets the same price to the bit.
 *
 * u is a word of 32 bits over 2^32. Its top 8 bits and the 8 bits below choose a factor from a table each; the factor of the lowest
 * 16 bits is the series of the exponential function up to the third power, which is exact to a double's precision there.
 * Both tables are made by repeated multiplication, in order; their relative error is below 1e-13.
 */

const TABLE_SIZE = 256;
/** 10^(6 / 2^8): from one entry to the next where the top bits choose. */
const COARSE_STEP = 1.055449600878603;
/** 10^(6 / 2^16). */
const FINE_STEP = 1.0002108301829544;
/** From the lowest 16 bits to the exponent of e: 6 * ln 10 / 2^32. */
const EXPONENT = 3.2166742156176538e-9;
const SIXTH = 1 / 6;

function powers(first: number, step: number): Float64Array {
  const table = new Float64Array(TABLE_SIZE);
  table[0] = first;
  for (let i = 1; i < TABLE_SIZE; i++) table[i] = table[i - 1]! * step;
  return table;
}

/** In cents. */
const COARSE = powers(100, COARSE_STEP);
const FINE = powers(1, FINE_STEP);

/**
 * A price in cents, from 100 to 10^8.
 * @param word 32 random bits, signed or not
 * @returns an integer that does not fall with the unsigned word
 */
export function priceOf(word: number): number {
  const e = (word & 0xffff) * EXPONENT;
  const least = 1 + e * (1 + e * (0.5 + e * SIXTH));
  return Math.floor(COARSE[word >>> 24]! * FINE[(word >>> 16) & 0xff]! * least + 0.5);
}
