/**
 * The sending side of one (channel, destination): fills ring slots, and queues batches while the ring is full.
 */
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { type Batch, BatchPool } from './batch.ts';
import { copyRows } from './copy-rows.ts';
import type { ColumnTypes } from './schema.ts';
import type { BatchSender, ChannelSpec } from './transport.ts';

/** Sent entries at the front of the queue are dropped in one go from this many on. */
const COMPACT_AT = 1024;

/** Batches on their way to one worker, in the order of sending. */
export class SendQueue<C extends ColumnTypes> {
  /** Whether the receiver sees the extents of this worker's state. */
  readonly sharesExtents: boolean;
  readonly #sender: BatchSender<C>;
  readonly #pool: BatchPool<C>;
  readonly #bytesPerRow: number;
  /** The batch that is being filled: a slot, or a batch of the pool when the ring is full. */
  #open: Batch<C> | null = null;
  /** Batches that wait for a slot: `#waiting[#first ..]`. */
  #waiting: Batch<C>[] = [];
  #first = 0;
  /** Earliest time in `#waiting`, and how many batches have it. */
  #heldTime: Timestamp = CLOSED;
  #heldCount = 0;
  #queuedBytes = 0;
  #published = false;

  /** A queue in front of `sender`. */
  constructor(channel: ChannelSpec<C>, sender: BatchSender<C>) {
    this.#sender = sender;
    this.sharesExtents = sender.sharesExtents;
    this.#pool = new BatchPool(channel.schema, channel.rows);
    this.#bytesPerRow = channel.schema.bytesPerRow;
  }

  /** A batch at `time` with room for at least one record; the caller fills rows from `length` on and raises `length`. */
  open(time: Timestamp): Batch<C> {
    let open = this.#open;
    if (open !== null) {
      if (open.time === time && open.length < open.capacity) return open;
      this.close();
    }
    // Batches leave in the order of sending: as long as one waits, no later one may enter the ring.
    open = this.#first < this.#waiting.length ? null : this.#sender.reserve();
    if (open === null) open = this.#pool.take();
    open.time = time;
    this.#open = open;
    return open;
  }

  /** Closes the open batch. Returns whether any batch was published since the last call. */
  flush(): boolean {
    this.close();
    const published = this.#published;
    this.#published = false;
    return published;
  }

  /** Moves waiting batches into free slots. Returns whether there was one. */
  retry(): boolean {
    if (this.#first === this.#waiting.length) return false;
    let moved = false;
    while (this.#first < this.#waiting.length) {
      const slot = this.#sender.reserve();
      if (slot === null) break;
      const batch = this.#waiting[this.#first]!;
      this.#first += 1;
      slot.time = batch.time;
      copyRows(batch, 0, slot, 0, batch.length);
      slot.length = batch.length;
      this.#sender.publish();
      this.#queuedBytes -= batch.length * this.#bytesPerRow;
      batch.release();
      this.#unhold(batch.time);
      moved = true;
    }
    if (this.#first === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#first = 0;
    } else if (this.#first >= COMPACT_AT && this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return moved;
  }

  /** The earliest time that waits for a slot; CLOSED when none does. */
  heldTime(): Timestamp {
    return this.#heldTime;
  }

  /** Bytes that wait for a slot. */
  queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Publishes the open batch, or queues it when it is not a slot. */
  close(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    if (open.pool === null) {
      this.#sender.publish();
      this.#published = true;
      return;
    }
    this.#waiting.push(open);
    this.#queuedBytes += open.length * this.#bytesPerRow;
    this.#hold(open.time);
  }

  #hold(time: Timestamp): void {
    if (time < this.#heldTime) {
      this.#heldTime = time;
      this.#heldCount = 1;
    } else if (time === this.#heldTime) {
      this.#heldCount += 1;
    }
  }

  #unhold(time: Timestamp): void {
    if (time !== this.#heldTime || --this.#heldCount > 0) return;
    this.#heldTime = CLOSED;
    for (let i = this.#first; i < this.#waiting.length; i++) this.#hold(this.#waiting[i]!.time);
  }
}
