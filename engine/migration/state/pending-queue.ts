/**
 * Pending entries, (time, key, value), that wait for their time and move with their bin (paper section 3.4).
 *
 * Each bin has a heap of entries, which is also the form in which it travels; an indexed heap of bins, ordered by their
 * first entries, finds the first entry of the worker.
 */
import { checkSize } from './bin-error.ts';
import type { Bins } from './bins.ts';
import type { Image } from './container.ts';
import { ENTRY_WORDS, popEntry, precedes, pushEntry } from './entry-heap.ts';
import { ExtentContainer } from './extent-container.ts';

/** Settings of a {@link PendingQueue}. */
export interface PendingQueueOptions {
  /**
   * Entries that a bin has room for at first; it doubles when more come.
   * @default 8
   */
  readonly expectedEntriesPerBin?: number;
}

/** What `nextTime` returns when nothing is pending. */
export const NOTHING_PENDING = Infinity;

const KIND = 'PendingQueue';
/** A node of the heap of bins has four children. */
const CHILDREN = 4;
const LOG2_CHILDREN = 2;
const NOT_QUEUED = -1;

/** Entries of numbers (none of them NaN) in the total order of (time, key, value), whatever the order they came in. */
export class PendingQueue extends ExtentContainer {
  readonly #initialWords: number;
  /** Words of each bin's heap in use. */
  readonly #used: Int32Array;
  /** Heap of the bins with entries. */
  readonly #queue: Int32Array;
  /** First time of each bin of `#queue`: bins are compared without a look at their entries, but for equal times. */
  readonly #times: Float64Array;
  #queued = 0;
  /** Index of each bin in `#queue`, or NOT_QUEUED. */
  readonly #position: Int32Array;
  #size = 0;

  /**
   * An empty queue that hosts no bin.
   * @throws {ContainerSizeError} when `expectedEntriesPerBin` is not a positive integer.
   */
  constructor({ binning, extents }: Bins, options: PendingQueueOptions = {}) {
    const expected = options.expectedEntriesPerBin ?? 8;
    checkSize(`${KIND}: expectedEntriesPerBin`, expected, 1);
    super(KIND, binning.binShift, extents);
    const bins = this.offsets.length;
    this.#initialWords = expected * ENTRY_WORDS;
    this.#used = new Int32Array(bins);
    this.#queue = new Int32Array(bins);
    this.#times = new Float64Array(bins);
    this.#position = new Int32Array(bins).fill(NOT_QUEUED);
  }

  /** Entries of all hosted bins. */
  get size(): number {
    return this.#size;
  }

  /** First time over all hosted bins, or NOTHING_PENDING. Constant time. */
  nextTime(): number {
    return this.#queued === 0 ? NOTHING_PENDING : this.#times[0]!;
  }

  /** Position of the first entry over all hosted bins in the words of the memory; there must be one. */
  first(): number {
    return this.offsets[this.#queue[0]!]!;
  }

  /**
   * Adds an entry to the bin.
   * @throws {BinError} when the bin is not hosted.
   */
  push(bin: number, time: number, key: number, value: number): void {
    let base = this.offsetOf(bin);
    const used = this.#used[bin]!;
    if (used === this.capacities[bin]!) base = this.enlarge(bin);
    this.#used[bin] = used + ENTRY_WORDS;
    this.#size++;
    this.countUsed(ENTRY_WORDS);
    if (!pushEntry(this.words, base, used, time, key, value)) return;
    if (used === 0) this.#enqueue(bin);
    else this.#raise(this.#position[bin]!, bin);
  }

  /** Removes the first entry over all hosted bins; there must be one. */
  pop(): void {
    const bin = this.#queue[0]!;
    const used = this.#used[bin]!;
    popEntry(this.words, this.offsets[bin]!, used);
    this.#used[bin] = used - ENTRY_WORDS;
    this.#size--;
    this.countUsed(-ENTRY_WORDS);
    if (used === ENTRY_WORDS) this.#dequeue(bin);
    else this.#sink(0, bin);
  }

  /** Entries in the bin. */
  entries(bin: number): number {
    this.requireHosted(bin);
    return this.#used[bin]! / ENTRY_WORDS;
  }

  protected override initialWords(): number {
    return this.#initialWords;
  }

  protected override usedWords(bin: number): number {
    return this.#used[bin]!;
  }

  protected override leaving(bin: number): void {
    if (this.#used[bin]! > 0) this.#dequeue(bin);
    this.#size -= this.#used[bin]! / ENTRY_WORDS;
    this.#used[bin] = 0;
  }

  protected override arriving(bin: number, image: Image): void {
    this.#used[bin] = image.used;
    this.#size += image.used / ENTRY_WORDS;
    if (image.used > 0) this.#enqueue(bin);
  }

  /** Adds a bin that has got its first entries to the heap of bins. */
  #enqueue(bin: number): void {
    this.#raise(this.#queued++, bin);
  }

  /** Takes a bin that loses its last entries out of the heap of bins. */
  #dequeue(bin: number): void {
    const at = this.#position[bin]!;
    this.#position[bin] = NOT_QUEUED;
    const last = this.#queue[--this.#queued]!;
    if (last === bin) return;
    this.#raise(at, last);
    this.#sink(this.#position[last]!, last);
  }

  /** Puts a bin at `at` or above, where its first entry belongs when it is not later than before. */
  #raise(at: number, bin: number): void {
    const time = this.words[this.offsets[bin]!]!;
    while (at > 0) {
      const parent = (at - 1) >> LOG2_CHILDREN;
      if (!this.#precedes(time, bin, parent)) break;
      this.#place(this.#queue[parent]!, this.#times[parent]!, at);
      at = parent;
    }
    this.#place(bin, time, at);
  }

  /** Puts a bin at `at` or below, where its first entry belongs when it is not earlier than before. */
  #sink(at: number, bin: number): void {
    const time = this.words[this.offsets[bin]!]!;
    const queued = this.#queued;
    for (;;) {
      const first = CHILDREN * at + 1;
      if (first >= queued) break;
      const end = Math.min(first + CHILDREN, queued);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if (this.#precedes(this.#times[child]!, this.#queue[child]!, least)) least = child;
      }
      if (this.#precedes(time, bin, least)) break;
      this.#place(this.#queue[least]!, this.#times[least]!, at);
      at = least;
    }
    this.#place(bin, time, at);
  }

  #place(bin: number, time: number, at: number): void {
    this.#queue[at] = bin;
    this.#times[at] = time;
    this.#position[bin] = at;
  }

  /** Whether a bin with the given first time comes before the bin at `other` of the heap. */
  #precedes(time: number, bin: number, other: number): boolean {
    const otherTime = this.#times[other]!;
    if (time !== otherTime) return time < otherTime;
    return precedes(this.words, this.offsets[bin]!, this.words, this.offsets[this.#queue[other]!]!);
  }
}
