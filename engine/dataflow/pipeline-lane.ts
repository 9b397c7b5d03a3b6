/** The queue between two operators of one worker. */
import type { Batch } from './batch.ts';
import type { ColumnTypes } from './schema.ts';
import type { BatchReceiver } from './transport.ts';

/** Batches that the upstream operator has pushed, ascending by time; those of one time in the order of pushing. */
export class PipelineLane<C extends ColumnTypes> implements BatchReceiver<C> {
  readonly capacity = Infinity;
  readonly holdsUpSender = false;
  /** Each batch is owned by the lane. */
  readonly #batches: Batch<C>[] = [];

  /** Adds a batch that the lane owns from now on. Cheap when times mostly ascend. */
  push(batch: Batch<C>): void {
    const batches = this.#batches;
    let at = batches.length;
    while (at > 0 && batches[at - 1]!.time > batch.time) at--;
    if (at === batches.length) batches.push(batch);
    else batches.splice(at, 0, batch);
  }

  /** Batches in the lane. */
  available(): number {
    return this.#batches.length;
  }

  /** The i-th of them. */
  at(i: number): Batch<C> {
    return this.#batches[i]!;
  }

  /** Returns the first `count` of them to their pools. */
  release(count: number): void {
    for (let i = 0; i < count; i++) this.#batches[i]!.release();
    if (count === this.#batches.length) this.#batches.length = 0;
    else this.#batches.splice(0, count);
  }
}
