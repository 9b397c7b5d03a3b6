/**
 * Buffers of bins that have left, kept for bins that arrive.
 *
 * The first touch of a page costs the operating system far more than its later use, so memory that migration has touched
 * once is kept. Buffers are matched by their exact length; containers use few lengths (powers of two times a row).
 */

/** Words in a page of 4 KiB. */
const PAGE_WORDS = 512;

/** Writes a zero to every page of words[from .. to), so that the operating system backs it with memory now. */
export function touchPages(words: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i += PAGE_WORDS) words[i] = 0;
  if (to > from) words[to - 1] = 0;
}

/** Free buffers by length in words. Not bounded: it never holds more than has been released or reserved. */
export class BufferPool {
  readonly #free = new Map<number, Float64Array[]>();
  #words = 0;

  /** Words in all free buffers. */
  get words(): number {
    return this.#words;
  }

  /** A buffer of exactly `length` words with arbitrary content; a new one when none is free. */
  acquire(length: number): Float64Array {
    const buffer = this.#free.get(length)?.pop();
    if (buffer === undefined) return new Float64Array(length);
    this.#words -= length;
    return buffer;
  }

  /** Takes a buffer that its owner no longer uses. */
  release(buffer: Float64Array): void {
    this.#words += buffer.length;
    const free = this.#free.get(buffer.length);
    if (free === undefined) this.#free.set(buffer.length, [buffer]);
    else free.push(buffer);
  }

  /** Allocates and touches buffers until `count` buffers of `length` words are free. */
  reserve(length: number, count: number): void {
    for (let have = this.#free.get(length)?.length ?? 0; have < count; have++) {
      const buffer = new Float64Array(length);
      touchPages(buffer, 0, length);
      this.release(buffer);
    }
  }
}
