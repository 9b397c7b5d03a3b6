/**
 * Random numbers by position instead of by sequence: draw i of event n is a pure hash of (seed, n, i). Any worker can
 * make any event, in any order, and all of them agree; two workers never need seeds of their own.
 *
 * An event has a 32-bit start and an odd 32-bit increment of its own, both hashed from (seed, n); word k of the event is
 * the hash of start + k * increment. The hash is the 32-bit finalizer of MurmurHash3 (public domain), a bijection in
 * which every input bit flips every output bit about half of the time. Fit for simulation, not for secrets.
 */

const TWO_POW_32 = 4294967296;

/**
 * Mixes a 32-bit integer.
 * @param x the input; only its lower 32 bits count
 * @returns a signed 32-bit integer
 */
function mix(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A seed, or an event number, that is not an integer in the range that the hash covers. */
export class RandomPositionError extends Error {
  override readonly name = 'RandomPositionError';
}

/**
 * The draws of one event at a time: `moveTo(n)` chooses the event, the draws are then functions of their index alone.
 * Draw indexes start at 0; the same index always returns the same number, however often and in whichever order it is asked.
 */
export class EventRandom {
  readonly #startSeed: number;
  readonly #incrementSeed: number;
  #start = 0;
  #increment = 1;

  /**
   * Starts at event 0.
   * @param seed an integer from 0 to 2^53 - 1
   * @throws {RandomPositionError} when the seed is not such an integer
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RandomPositionError(`the seed is ${seed}, expected an integer from 0 to 2^53 - 1`);
    }
    const low = mix((seed | 0) + 0x1f83d9ab);
    this.#startSeed = mix(low ^ Math.floor(seed / TWO_POW_32));
    this.#incrementSeed = mix(this.#startSeed + 0x5be0cd19) ^ low;
    this.moveTo(0);
  }

  /**
   * Chooses the event whose numbers the draws return.
   * @param n number of the event, an integer from 0 to 2^53 - 1 (not checked)
   */
  moveTo(n: number): void {
    const low = n | 0;
    const high = (n / TWO_POW_32) | 0;
    this.#start = mix(mix(low ^ this.#startSeed) + Math.imul(high, 0x9e3779b1));
    this.#increment = mix((low + Math.imul(high, 0x632be5ab)) ^ this.#incrementSeed) | 1;
  }

  /**
   * Draws 32 random bits.
   * @param draw index of the draw, from 0
   * @returns an integer from 0 to 2^32 - 1
   */
  uint32(draw: number): number {
    return this.#word(draw << 1) >>> 0;
  }

  /**
   * Draws an integer below a bound. Its bias is at most bound / 2^32.
   * @param draw index of the draw, from 0
   * @param bound from 1 to 2^32
   * @returns an integer from 0 to bound - 1
   */
  below(draw: number, bound: number): number {
    return Math.floor(this.uint32(draw) * (bound / TWO_POW_32));
  }

  /**
   * Draws a real number with 53 random bits.
   * @param draw index of the draw, from 0
   * @returns a number from 0 up to and without 1
   */
  unit(draw: number): number {
    const high = this.#word(draw << 1) >>> 5;
    const low = this.#word((draw << 1) | 1) >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  #word(k: number): number {
    return mix(this.#start + Math.imul(k, this.#increment));
  }
}
