/**
 * All pending entries of a host in one order: those of its bins, and those that are due before any bin can move, which
 * belong to the host alone. The latter stand apart in a single heap, small and therefore cached.
 */
import type { Timestamp } from '../progress/timestamp.ts';
import { ENTRY_WORDS, popEntry, precedes, pushEntry } from './state/entry-heap.ts';
import type { PendingQueue } from './state/pending-queue.ts';

/** Pending entries of one worker. */
export class PendingEntries {
  /** Entries with times before it are due before a bin moves. The host raises it to its frontier. */
  horizon: Timestamp = 0;
  /** Key of the entry that was popped last. */
  key = 0;
  /** Value of the entry that was popped last. */
  value = 0;
  readonly #bins: PendingQueue;
  readonly #binWords: Float64Array;
  /** Heap of the host's own entries, and its words in use. */
  #near = new Float64Array(64 * ENTRY_WORDS);
  #nearUsed = 0;

  /** Entries of the bins in `bins`, whose words lie in `words`, and none of the host's own. */
  constructor(bins: PendingQueue, words: Float64Array) {
    this.#bins = bins;
    this.#binWords = words;
  }

  /** First time of all, or NOTHING_PENDING. Constant time. */
  nextTime(): number {
    const time = this.#bins.nextTime();
    return this.#nearUsed === 0 ? time : Math.min(time, this.#near[0]!);
  }

  /**
   * Adds an entry of a key of the given bin.
   * @throws {BinError} when the bin is not hosted.
   */
  push(bin: number, time: number, key: number, value: number): void {
    if (time >= this.horizon) {
      this.#bins.push(bin, time, key, value);
      return;
    }
    const used = this.#nearUsed;
    if (used === this.#near.length) {
      const larger = new Float64Array(2 * used);
      larger.set(this.#near);
      this.#near = larger;
    }
    pushEntry(this.#near, 0, used, time, key, value);
    this.#nearUsed = used + ENTRY_WORDS;
  }

  /** Removes the first entry of all into `key` and `value`; there must be one. */
  pop(): void {
    if (this.#binComesFirst()) {
      this.#take(this.#binWords, this.#bins.first());
      this.#bins.pop();
    } else {
      this.#take(this.#near, 0);
      popEntry(this.#near, 0, this.#nearUsed);
      this.#nearUsed -= ENTRY_WORDS;
    }
  }

  #binComesFirst(): boolean {
    if (this.#nearUsed === 0) return true;
    // Later than any entry when the bins have none.
    if (this.#bins.nextTime() > this.#near[0]!) return false;
    return precedes(this.#binWords, this.#bins.first(), this.#near, 0);
  }

  #take(words: Float64Array, at: number): void {
    this.key = words[at + 1]!;
    this.value = words[at + 2]!;
  }
}
