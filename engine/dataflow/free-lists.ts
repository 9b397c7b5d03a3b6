/**
 * Free lists: the extents of a heap that nobody uses, by length, for all workers of the process.
 *
 * They are shared because ownership moves: one worker frees what another needs. With lists of their own, a worker that
 * receives bins would touch new pages while the pages of the sender lie idle, and the memory of a process would say nothing
 * of what a migration needs. Each list is a stack whose links lie in the first words of the free extents themselves.
 */

/** Lengths that have a list: state containers use few, mostly powers of two times a row. */
const LISTS = 512;
/** Int32s of a list: its length, and the last freed extent plus one. */
const LIST_INT32S = 2;

/** Int32s that the lists of a heap take: the lock, and the lists. They start as zeros. */
export const FREE_LISTS_INT32S = 1 + LISTS * LIST_INT32S;

/** Milliseconds between two attempts at the lock, which is held for less than a microsecond unless its holder is interrupted. */
const RETRY_MS = 0.05;

/** The lists, as one worker sees them. */
export class FreeLists {
  readonly #int32s: Int32Array;
  readonly #words: Float64Array;

  /** The lists in `int32s` (of FREE_LISTS_INT32S), of extents in `words`. */
  constructor(int32s: Int32Array, words: Float64Array) {
    this.#int32s = int32s;
    this.#words = words;
  }

  /** Takes the offset of a free extent of `length` words; -1 when there is none. */
  take(length: number): number {
    const int32s = this.#int32s;
    this.#lock();
    const list = this.#listOf(length);
    const offset = list < 0 ? -1 : int32s[list + 1]! - 1;
    if (offset >= 0) int32s[list + 1] = this.#words[offset]!;
    this.#unlock();
    return offset;
  }

  /** Adds a free extent. It is lost when there are LISTS other lengths already. */
  add(length: number, offset: number): void {
    const int32s = this.#int32s;
    this.#lock();
    const list = this.#listOf(length);
    if (list >= 0) {
      int32s[list] = length;
      this.#words[offset] = int32s[list + 1]!;
      int32s[list + 1] = offset + 1;
    }
    this.#unlock();
  }

  /** Index of the list of `length`, or of the empty one where it goes; -1 when all are taken by others. */
  #listOf(length: number): number {
    const int32s = this.#int32s;
    const home = (Math.imul(length, 0x9e3779b1) >>> 0) % LISTS;
    for (let i = 0; i < LISTS; i++) {
      const list = 1 + ((home + i) % LISTS) * LIST_INT32S;
      if (int32s[list] === length || int32s[list] === 0) return list;
    }
    return -1;
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#int32s, 0, 0, 1) !== 0) Atomics.wait(this.#int32s, 0, 1, RETRY_MS);
  }

  #unlock(): void {
    Atomics.store(this.#int32s, 0, 0);
  }
}
