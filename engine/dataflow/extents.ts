/**
 * Extents: blocks of shared memory in which operators keep state that can move.
 *
 * All workers of a process share one *heap* of words. Each takes slabs of it and cuts them into extents of its own; an
 * extent is named by its offset in the heap, which means the same to every worker, so that state can be handed over by
 * name. Whoever owns an extent reads, writes and frees it; ownership passes with the messages that name it.
 *
 * The heap is address space, not memory: pages cost something once they are touched. Freed extents are kept for later
 * ones of the same length, of whichever worker, as the first touch of a page costs far more than its reuse. They are
 * never joined.
 */
import { EngineError } from '../progress/engine-error.ts';
import { bytesOf, copyBlock } from './block-copy.ts';
import { FREE_LISTS_INT32S, FreeLists } from './free-lists.ts';

/** Bytes of a word. */
export const WORD_BYTES = 8;

/** Words that a worker takes from the heap at a time: 1 MiB. */
const SLAB_WORDS = 2 ** 17;
/** Extents above this share of a slab are taken from the heap one by one: the rest of a slab would be lost too often. */
const LARGE_SHARE = 1 / 8;
/** Extents start on cache lines. */
const LINE_WORDS = 8;
/** Int32s in front of the heap's words: the first counts the lines of the heap that are taken, the free lists follow. */
const HEADER_INT32S = 1 + FREE_LISTS_INT32S;
/** The same in bytes, up to the end of a cache line. */
const HEADER_BYTES = Math.ceil(HEADER_INT32S / 16) * 64;
/** Most words of a heap: offsets are Int32s. */
const MAX_WORDS = 2 ** 31 - LINE_WORDS;

/** A heap that has no room for another extent. */
export class HeapError extends EngineError {
  override readonly name = 'HeapError';
}

/** Memory of a heap with room for `bytes` bytes of extents, at most 16 GiB: zeros, of which no page is touched. */
export function allocateHeap(bytes: number): SharedArrayBuffer {
  const words = Math.min(MAX_WORDS, Math.ceil(bytes / WORD_BYTES / LINE_WORDS) * LINE_WORDS);
  return new SharedArrayBuffer(HEADER_BYTES + words * WORD_BYTES);
}

/** Bytes from the start of a window to that of the next, and most that is copied at once; windows are twice as long. */
const WINDOW_BYTES = 2 ** 30;
const WINDOW_WORDS = WINDOW_BYTES / WORD_BYTES;

/** One worker's extents in the heap of its process. */
export class Extents {
  /** The words of the heap; an extent of n words at offset o is `words[o .. o + n)`. */
  readonly words: Float64Array;
  readonly #taken: Int32Array;
  readonly #free: FreeLists;
  /** The bytes of `words` from every WINDOW_BYTES on: what starts in the first half of one, and is not longer, lies in it. */
  readonly #windows: readonly Buffer[];
  /** What is left of the slab that extents are cut from. */
  #slab = 0;
  #slabEnd = 0;

  /** Extents of one worker in `heap` (see `allocateHeap`). */
  constructor(heap: ArrayBufferLike) {
    this.#taken = new Int32Array(heap, 0, 1);
    this.words = new Float64Array(heap, HEADER_BYTES);
    this.#windows = Array.from({ length: Math.ceil(this.words.byteLength / WINDOW_BYTES) }, (_, window) => {
      const offset = window * WINDOW_BYTES;
      const length = Math.min(2 * WINDOW_BYTES, this.words.byteLength - offset);
      return bytesOf(heap, HEADER_BYTES + offset, length);
    });
    this.#free = new FreeLists(new Int32Array(heap, 4, FREE_LISTS_INT32S), this.words);
  }

  /**
   * Offset of an extent of `length` words with arbitrary content.
   *
   * @throws {HeapError} when the heap is used up.
   */
  allocate(length: number): number {
    const free = this.#free.take(length);
    return free >= 0 ? free : this.#cut(length);
  }

  /** Takes back an extent that nobody uses any more; it may have been allocated by another worker. */
  free(offset: number, length: number): void {
    this.#free.add(length, offset);
  }

  /** Copies `length` words from `from` to `to`, which do not overlap. */
  copy(from: number, length: number, to: number): void {
    for (let done = 0; done < length; done += WINDOW_WORDS) {
      const words = Math.min(WINDOW_WORDS, length - done);
      this.read(from + done, words, this.#windowOf(to + done), this.#placeOf(to + done));
    }
  }

  /** Copies `length` words at `offset`, at most 2^27, to byte `at` of other memory. */
  read(offset: number, length: number, target: Buffer, at: number): void {
    copyBlock(this.#windowOf(offset), this.#placeOf(offset), target, at, length * WORD_BYTES);
  }

  /** Copies `length` words, at most 2^27, from byte `at` of other memory to `offset`. */
  write(source: Buffer, at: number, length: number, offset: number): void {
    copyBlock(source, at, this.#windowOf(offset), this.#placeOf(offset), length * WORD_BYTES);
  }

  #windowOf(offset: number): Buffer {
    return this.#windows[Math.floor(offset / WINDOW_WORDS)]!;
  }

  #placeOf(offset: number): number {
    return (offset % WINDOW_WORDS) * WORD_BYTES;
  }

  #cut(length: number): number {
    const rounded = Math.ceil(length / LINE_WORDS) * LINE_WORDS;
    const slab = Math.min(SLAB_WORDS, this.words.length >>> 6);
    if (rounded > slab * LARGE_SHARE) return this.#takeFromHeap(rounded);
    if (this.#slab + rounded > this.#slabEnd) {
      this.#slab = this.#takeFromHeap(slab);
      this.#slabEnd = this.#slab + slab;
    }
    const offset = this.#slab;
    this.#slab += rounded;
    return offset;
  }

  #takeFromHeap(words: number): number {
    const lines = Math.ceil(words / LINE_WORDS);
    const line = Atomics.add(this.#taken, 0, lines);
    if ((line + lines) * LINE_WORDS > this.words.length) {
      Atomics.sub(this.#taken, 0, lines);
      const mebibytes = Math.floor((this.words.length * WORD_BYTES) / 2 ** 20);
      throw new HeapError(
        `state: ${words * WORD_BYTES} more bytes do not fit into the heap of ${mebibytes} MiB; expected a larger heap`,
      );
    }
    return line * LINE_WORDS;
  }
}
