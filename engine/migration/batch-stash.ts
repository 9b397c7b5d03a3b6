/** Batches that have to wait for their time, ascending by time; batches of one time in the order of arrival. */
import type { Batch } from '../dataflow/batch.ts';
import type { ColumnTypes } from '../dataflow/schema.ts';
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';

/** Released entries at the front are dropped in one go from this many on. */
const COMPACT_AT = 256;

/** A queue of retained batches, ordered by time. Insertion is cheap when times mostly ascend. */
export class BatchStash<C extends ColumnTypes> {
  #batches: Batch<C>[] = [];
  #first = 0;

  /** Number of batches. */
  get length(): number {
    return this.#batches.length - this.#first;
  }

  /** Time of the earliest batch; CLOSED when there is none. */
  earliest(): Timestamp {
    return this.#first < this.#batches.length ? this.#batches[this.#first]!.time : CLOSED;
  }

  /** Adds a batch behind those of the same time. */
  insert(batch: Batch<C>): void {
    const batches = this.#batches;
    let at = batches.length;
    while (at > this.#first && batches[at - 1]!.time > batch.time) at--;
    if (at === batches.length) batches.push(batch);
    else batches.splice(at, 0, batch);
  }

  /** Removes and returns the earliest batch; there must be one. */
  shift(): Batch<C> {
    const batch = this.#batches[this.#first]!;
    this.#first += 1;
    if (this.#first === this.#batches.length) {
      this.#batches.length = 0;
      this.#first = 0;
    } else if (this.#first >= COMPACT_AT && this.#first * 2 >= this.#batches.length) {
      this.#batches = this.#batches.slice(this.#first);
      this.#first = 0;
    }
    return batch;
  }
}
