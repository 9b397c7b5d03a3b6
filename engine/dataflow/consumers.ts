/** The channels from an output to the next operator's input: pipeline (same worker), exchange and broadcast. */
import { CLOSED, type Timestamp } from '../progress/timestamp.ts';
import { type Batch, BatchPool } from './batch.ts';
import type { BatchSender, ChannelSpec } from './endpoints.ts';
import { copyRows, gatherRows } from './kernels.ts';
import type { Consumer } from './output-port.ts';
import type { ColumnTypes, Schema } from './schema.ts';
import { SendQueue } from './send-queue.ts';

/** Hands batches to the next operator of the same worker, by reference. Keeps the number of records per time. */
export class PipelineConsumer<C extends ColumnTypes> implements Consumer<C> {
  readonly #queue: Batch<C>[];
  readonly #pool: BatchPool<C>;

  /** Pushes into `queue`; batches that lie in a ring are copied into batches of `rows` records. */
  constructor(queue: Batch<C>[], schema: Schema<C>, rows: number) {
    this.#queue = queue;
    this.#pool = new BatchPool(schema, rows);
  }

  /** Queues the batch. */
  push(batch: Batch<C>): void {
    if (batch.pool !== null) {
      batch.references += 1;
      this.#queue.push(batch);
      return;
    }
    const copy = this.#pool.take();
    copyRows(batch.list, 0, copy.list, 0, batch.length);
    copy.length = batch.length;
    copy.time = batch.time;
    this.#queue.push(copy);
  }

  /** Has nothing to do: a pushed batch is visible at once. */
  flush(): void {}

  /** Nothing ever waits. */
  retry(): boolean {
    return false;
  }

  /** Nothing ever waits. */
  heldTime(): Timestamp {
    return CLOSED;
  }

  /** Nothing ever waits. */
  queuedBytes(): number {
    return 0;
  }
}

/** The common part of the channels between workers: one queue per destination worker. */
export abstract class QueuedConsumer<C extends ColumnTypes> implements Consumer<C> {
  /** Queues by destination worker. */
  protected readonly queues: readonly SendQueue<C>[];

  /** Sends through `senders` (by destination worker). */
  constructor(channel: ChannelSpec<C>, senders: readonly BatchSender<C>[]) {
    this.queues = senders.map((sender) => new SendQueue(channel, sender));
  }

  /** Copies the records of the batch into open slots. */
  abstract push(batch: Batch<C>): void;

  /** Publishes the open slots. */
  flush(): void {
    for (let to = 0; to < this.queues.length; to++) this.queues[to]!.flush();
  }

  /** Moves waiting batches into slots that have become free. */
  retry(): boolean {
    let sent = false;
    for (let to = 0; to < this.queues.length; to++) {
      if (this.queues[to]!.retry()) sent = true;
    }
    return sent;
  }

  /** The earliest time that waits for a slot. */
  heldTime(): Timestamp {
    let held: Timestamp = CLOSED;
    for (let to = 0; to < this.queues.length; to++) held = Math.min(held, this.queues[to]!.heldTime());
    return held;
  }

  /** Bytes that wait for a slot. */
  queuedBytes(): number {
    let bytes = 0;
    for (let to = 0; to < this.queues.length; to++) bytes += this.queues[to]!.queuedBytes();
    return bytes;
  }
}

/** Decides which worker each record of a batch goes to. */
export interface Route<C extends ColumnTypes> {
  /** Writes the destination worker of every row of the batch to `destinations`. */
  fillDestinations(batch: Batch<C>, destinations: Int32Array): void;
}

/**
 * Partitions batches over the workers, straight into ring slots. Keeps the number of records per time: each record
 * arrives once, at the worker that the route names, with the time of its batch.
 */
export class ExchangeConsumer<C extends ColumnTypes> extends QueuedConsumer<C> {
  readonly #route: Route<C>;
  readonly #destinations: Int32Array;
  /** Rows of the current batch by destination: those of worker w start at w * capacity. */
  readonly #rows: Int32Array;
  readonly #counts: Int32Array;
  readonly #capacity: number;

  /** Sends batches of at most `rows` records, each record to where `route` says. */
  constructor(channel: ChannelSpec<C>, senders: readonly BatchSender<C>[], route: Route<C>, rows: number) {
    super(channel, senders);
    this.#route = route;
    this.#capacity = rows;
    this.#destinations = new Int32Array(rows);
    this.#rows = new Int32Array(rows * senders.length);
    this.#counts = new Int32Array(senders.length);
  }

  /** Copies every record into an open slot of its destination. */
  override push(batch: Batch<C>): void {
    const destinations = this.#destinations;
    this.#route.fillDestinations(batch, destinations);
    partitionRows(destinations, batch.length, this.#capacity, this.#rows, this.#counts);
    for (let to = 0; to < this.queues.length; to++) {
      const count = this.#counts[to]!;
      if (count > 0) this.#append(batch, this.queues[to]!, to * this.#capacity, count);
    }
  }

  #append(batch: Batch<C>, queue: SendQueue<C>, from: number, count: number): void {
    let done = 0;
    while (done < count) {
      const target = queue.open(batch.time);
      const room = Math.min(target.capacity - target.length, count - done);
      gatherRows(batch.list, this.#rows, from + done, target.list, target.length, room);
      target.length += room;
      done += room;
    }
  }
}

/** Sends every batch to every worker. */
export class BroadcastConsumer<C extends ColumnTypes> extends QueuedConsumer<C> {
  /** Copies the batch into an open slot of each worker. */
  override push(batch: Batch<C>): void {
    for (let to = 0; to < this.queues.length; to++) {
      const queue = this.queues[to]!;
      let done = 0;
      while (done < batch.length) {
        const target = queue.open(batch.time);
        const room = Math.min(target.capacity - target.length, batch.length - done);
        copyRows(batch.list, done, target.list, target.length, room);
        target.length += room;
        done += room;
      }
    }
  }
}

/** Sorts row indexes by destination: `rows[to * capacity + i]` is the i-th row that goes to worker `to`. */
function partitionRows(
  destinations: Int32Array,
  length: number,
  capacity: number,
  rows: Int32Array,
  counts: Int32Array,
): void {
  counts.fill(0);
  for (let i = 0; i < length; i++) {
    const to = destinations[i]!;
    const count = counts[to]!;
    rows[to * capacity + count] = i;
    counts[to] = count + 1;
  }
}
