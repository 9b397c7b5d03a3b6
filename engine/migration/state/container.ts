/**
 * What migration needs of the state that user code keeps.
 *
 * One container instance per worker holds the entries of all bins that the worker hosts. User code addresses it by key and
 * sees a plain map; the mechanism takes single bins out and puts them into the container of another worker. A bin travels
 * as chunks of Float64 words; chunks are cut anywhere and arrive in the order in which they were written. Words are plain
 * numbers (never reinterpreted bytes), so an element-wise copy keeps them.
 */

/** Where an extracted bin's words go; a chunk is bounded, so that one bin never needs more contiguous memory than a slot. */
export interface ChunkWriter {
  /** Payload words that one chunk can hold (>= 8). */
  readonly capacity: number;
  /** Memory of the chunk being written: payload goes to words[start .. start+capacity). Is another array/offset after each flush. */
  readonly words: Float64Array;
  /** Offset in `words` of the chunk's first payload word. */
  readonly start: number;
  /** Hands over the chunk with `count` payload words. */
  flush(count: number): void;
}

/** State of the bins that one worker hosts. Single-threaded. Access to a key whose bin is not hosted throws {@link BinError}. */
export interface BinContainer {
  /**
   * Starts to host `bin`, empty.
   * @throws {BinError} when it is hosted already, or is no bin.
   */
  create(bin: number): void;
  /** Whether the bin is hosted, which it is while its chunks arrive, too. */
  hosts(bin: number): boolean;
  /** Whether some, but not all chunks of the bin have arrived. */
  arriving(bin: number): boolean;
  /**
   * Entries in the bin (dense: its slots).
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  entries(bin: number): number;
  /**
   * Bytes that moving the bin transfers now (payload): 8 for each word that `extract` would write.
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  bytes(bin: number): number;
  /**
   * Writes the whole bin as chunks (possibly none, when empty), then stops hosting it; its memory goes back to the
   * container's pool.
   * @throws {BinError} when the bin is not hosted, or has not arrived completely.
   */
  extract(bin: number, writer: ChunkWriter): void;
  /**
   * Takes one chunk of a bin that create(bin) has been called for; chunks arrive in the order in which they were written.
   * `words` is not kept. From its first to its last chunk, the bin's keys cannot be accessed.
   * @throws {BinError} when the bin is not hosted, is in use already, or receives more words than were announced.
   */
  install(bin: number, words: Float64Array, start: number, count: number): void;
  /** Makes sure that `bins` more bins can be hosted/arrive without touching fresh memory (touches every page). */
  reserve(bins: number): void;
}
